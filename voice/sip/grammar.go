package sip

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
)

// address is a name-addr or addr-spec with its header parameters
// (RFC 3261 20.10).
type address struct {
	display string // as written, quotes included
	uri     string
	params  []param
}

// param is ";name" or ";name=value"; the name is in lower case, the value keeps
// its quotes.
type param struct {
	name, value string
	hasValue    bool
}

var (
	errQuote   = errors.New("a quoted string that does not end")
	errAngle   = errors.New("an address whose < and > do not match")
	errDisplay = errors.New("a display name that needs quotes")
	errURI     = errors.New("a malformed URI")
	errParam   = errors.New("a malformed parameter")
	errVia     = errors.New("a malformed Via")
)

// isToken reports whether s is a token of RFC 3261 25.1.
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return strings.IndexByte("-.!%*_+`'~", c) >= 0
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// isNumber reports whether s is a plain number of at most limit.
func isNumber(s string, limit uint64) bool {
	n, err := strconv.ParseUint(s, 10, 64)
	return isDigits(s) && err == nil && n <= limit
}

// splitList splits a header value at the commas that separate its members:
// those outside quotes and angle brackets.
func splitList(s string) ([]string, error) { return splitOutside(s, ',') }

// splitOutside splits at sep where it is neither quoted nor inside <>.
func splitOutside(s string, sep byte) ([]string, error) {
	var out []string
	quoted, angle, from := false, false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' && !angle, c == '>' && angle:
			angle = c == '<'
		case c == '<', c == '>':
			return nil, errAngle
		case c == sep && !angle:
			out = append(out, strings.TrimSpace(s[from:i]))
			from = i + 1
		}
	}
	if quoted {
		return nil, errQuote
	}
	if angle {
		return nil, errAngle
	}
	return append(out, strings.TrimSpace(s[from:])), nil
}

// parseAddress reads one From, To or Contact value. It is strict where RFC
// 4475 3.1.2 shows that leniency hides an attack: an addr-spec without <> may
// have no URI headers, a display name no bare separators.
func parseAddress(s string) (address, error) {
	parts, err := splitOutside(s, ';')
	if err != nil {
		return address{}, err
	}
	var a address
	head := parts[0]
	if lt := strings.LastIndexByte(head, '<'); lt >= 0 {
		if !strings.HasSuffix(head, ">") {
			return address{}, errAngle
		}
		a.display, a.uri = strings.TrimSpace(head[:lt]), head[lt+1:len(head)-1]
		if !validDisplay(a.display) {
			return address{}, errDisplay
		}
	} else {
		a.uri = head
		if strings.ContainsAny(a.uri, "?,\"") {
			return address{}, errURI
		}
	}
	if !validURI(a.uri) {
		return address{}, errURI
	}
	a.params, err = parseParams(parts[1:])
	return a, err
}

// validDisplay accepts a quoted string, or tokens with spaces between.
func validDisplay(s string) bool {
	if s == "" {
		return true
	}
	if s[0] == '"' {
		return len(s) >= 2 && s[len(s)-1] == '"'
	}
	for _, word := range strings.Fields(s) {
		if !isToken(word) {
			return false
		}
	}
	return true
}

// validURI checks the outer shape: a scheme, something after it, no space and
// no control character (RFC 3986 3.1).
func validURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || rest == "" || !validScheme(scheme) {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f || s[i] == '<' || s[i] == '>' || s[i] == '"' {
			return false
		}
	}
	return true
}

func validScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		letter := c >= 'a' && c <= 'z'
		if !letter && (i == 0 || strings.IndexByte("0123456789+-.", s[i]) < 0) {
			return false
		}
	}
	return s != ""
}

// parseParams reads the parts between semicolons.
func parseParams(parts []string) ([]param, error) {
	var out []param
	for _, part := range parts {
		name, value, has := strings.Cut(part, "=")
		p := param{strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value), has}
		if !isToken(p.name) || has && (p.value == "" || strings.ContainsAny(p.value, " \t")) && !strings.HasPrefix(p.value, `"`) {
			return nil, errParam
		}
		out = append(out, p)
	}
	return out, nil
}

// find returns a parameter by name, without its quotes.
func find(params []param, name string) (string, bool) {
	for _, p := range params {
		if strings.EqualFold(p.name, name) {
			return strings.Trim(p.value, `"`), true
		}
	}
	return "", false
}

func writeParams(b *strings.Builder, params []param) {
	for _, p := range params {
		b.WriteString(";" + p.name)
		if p.hasValue {
			b.WriteString("=" + p.value)
		}
	}
}

// String writes the address in its one unambiguous form.
func (a address) String() string {
	var b strings.Builder
	if a.display != "" {
		b.WriteString(a.display + " ")
	}
	b.WriteString("<" + a.uri + ">")
	writeParams(&b, a.params)
	return b.String()
}

// tag is the dialog tag, or "".
func (a address) tag() string {
	tag, _ := find(a.params, "tag")
	return tag
}

// via is one Via member (RFC 3261 20.42).
type via struct {
	transport, sentBy string
	params            []param
}

// parseVia reads "SIP/2.0/UDP host:port;params", spaces allowed anywhere that
// the grammar has separators.
func parseVia(s string) (via, error) {
	parts, err := splitOutside(s, ';')
	if err != nil {
		return via{}, err
	}
	proto := strings.SplitN(parts[0], "/", 3)
	if len(proto) != 3 {
		return via{}, errVia
	}
	name, version := strings.TrimSpace(proto[0]), strings.TrimSpace(proto[1])
	last := strings.Fields(proto[2])
	if !strings.EqualFold(name, "SIP") || version != "2.0" || len(last) < 2 || !isToken(last[0]) {
		return via{}, errVia
	}
	v := via{transport: last[0], sentBy: strings.Join(last[1:], "")}
	if !validHostPort(v.sentBy) {
		return via{}, errVia
	}
	v.params, err = parseParams(parts[1:])
	return v, err
}

// validHostPort accepts host, host:port and [v6]:port.
func validHostPort(s string) bool {
	if strings.HasPrefix(s, "[") {
		if _, err := netip.ParseAddrPort(s); err == nil {
			return true
		}
		_, err := netip.ParseAddr(strings.Trim(s, "[]"))
		return err == nil
	}
	host, port, has := strings.Cut(s, ":")
	return isToken(host) && (!has || isNumber(port, 65535))
}

func (v via) String() string {
	var b strings.Builder
	b.WriteString("SIP/2.0/" + v.transport + " " + v.sentBy)
	writeParams(&b, v.params)
	return b.String()
}
