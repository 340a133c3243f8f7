package sip

import (
	"slices"
	"strings"
)

// The methods: those this door serves, and those it knows well enough to say
// 405 rather than 501 (RFC 3261 8.2.1 and 21.5.2).
var (
	servedMethods = []string{"INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER", "PRACK", "NOTIFY"}
	knownMethods  = []string{"REFER", "SUBSCRIBE", "MESSAGE", "INFO", "UPDATE", "PUBLISH"}
)

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, NOTIFY"

// refusal is the answer to a request that must not reach the stack. A nil
// *refusal means that the message is good.
type refusal struct {
	status  int
	reason  string
	headers []header
	broken  bool // the framing of a stream can no longer be trusted
}

func malformed(why string) *refusal {
	return &refusal{status: 400, reason: "Bad Request - " + why, broken: true}
}

// checkRequest applies what RFC 3261 section 8.2 and RFC 4475 ask of a user
// agent before it acts, and rewrites addresses and Vias of a good message in
// their one plain form so that no later parser can read them differently.
func checkRequest(m *message) *refusal {
	if m.fault != nil {
		return malformed(m.fault.Error())
	}
	for _, step := range []func(*message) *refusal{
		checkStartLine, checkCounts, checkNumbers, checkVias, checkAddresses, checkMethod, checkRequire, checkBody,
	} {
		if r := step(m); r != nil {
			return r
		}
	}
	return nil
}

// checkStartLine wants METHOD SP URI SP SIP/2.0 and nothing else.
func checkStartLine(m *message) *refusal {
	parts := strings.Split(m.start, " ")
	if len(parts) != 3 || !isToken(parts[0]) {
		return malformed("the request line needs exactly three words")
	}
	if r := checkVersion(parts[2]); r != nil {
		return r
	}
	uri := parts[1]
	if !validURI(uri) {
		return malformed("the request URI is malformed")
	}
	scheme, _, _ := strings.Cut(uri, ":")
	if !strings.EqualFold(scheme, "sip") {
		return &refusal{status: 416, reason: "Unsupported URI Scheme"}
	}
	if host := uri[strings.LastIndexByte(uri, '@')+1:]; strings.Contains(host, "?") {
		return malformed("a request URI must not carry headers")
	}
	return nil
}

func checkVersion(s string) *refusal {
	if strings.EqualFold(s, "SIP/2.0") {
		return nil
	}
	if len(s) > 4 && strings.EqualFold(s[:4], "SIP/") && isDigits(strings.Replace(s[4:], ".", "", 1)) {
		return &refusal{status: 505, reason: "Version Not Supported"}
	}
	return malformed("the request line does not end with SIP/2.0")
}

// checkCounts wants every required header once (RFC 3261 8.1.1). Max-Forwards
// may be missing: RFC 2543 clients have none.
func checkCounts(m *message) *refusal {
	if len(m.all("Via")) == 0 {
		return malformed("no Via header")
	}
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		switch len(m.all(name)) {
		case 0:
			return malformed("no " + name + " header")
		case 1:
		default:
			return malformed("more than one " + name + " header")
		}
	}
	for _, name := range []string{"Content-Length", "Max-Forwards", "Content-Type", "Expires", "Authorization"} {
		if len(m.all(name)) > 1 {
			return malformed("more than one " + name + " header")
		}
	}
	if strings.ContainsAny(m.get("Call-ID"), " \t") || m.get("Call-ID") == "" {
		return malformed("the Call-ID is malformed")
	}
	return nil
}

// checkNumbers bounds the scalars (RFC 3261 8.1.1.5, 8.1.1.6, 20.19).
func checkNumbers(m *message) *refusal {
	seq, method, _ := strings.Cut(m.get("CSeq"), " ")
	method = strings.TrimSpace(method)
	if !isNumber(seq, 1<<31-1) || !isToken(method) {
		return malformed("the CSeq is malformed")
	}
	setHeader(m, "CSeq", strings.TrimLeft(seq[:len(seq)-1], "0")+seq[len(seq)-1:]+" "+method)
	for name, limit := range map[string]uint64{"Max-Forwards": 255, "Expires": 1<<32 - 1, "Content-Length": maxBody} {
		if v := m.get(name); len(m.all(name)) > 0 && !isNumber(v, limit) {
			return malformed(name + " is out of range")
		}
	}
	return nil
}

// checkVias rewrites every Via. A branch that is only the magic cookie names
// no transaction (RFC 4475 3.2.1).
func checkVias(m *message) *refusal {
	var out []header
	for _, h := range m.headers {
		if h.name != "Via" {
			out = append(out, h)
			continue
		}
		members, err := splitList(h.value)
		if err != nil {
			return malformed(err.Error())
		}
		for _, member := range members {
			v, err := parseVia(member)
			if err != nil {
				return malformed(err.Error())
			}
			if branch, _ := find(v.params, "branch"); branch == magicCookie {
				return malformed("the Via branch is empty")
			}
			out = append(out, header{"Via", v.String()})
		}
	}
	m.headers = out
	return nil
}

const magicCookie = "z9hG4bK" // RFC 3261 8.1.1.7

// checkAddresses rewrites From, To and Contact.
func checkAddresses(m *message) *refusal {
	for i, h := range m.headers {
		switch h.name {
		case "From", "To":
			a, err := parseAddress(h.value)
			if err != nil {
				return malformed(h.name + " holds " + err.Error())
			}
			m.headers[i].value = a.String()
		case "Contact":
			value, err := plainContacts(h.value)
			if err != nil {
				return malformed("Contact holds " + err.Error())
			}
			m.headers[i].value = value
		}
	}
	return nil
}

func plainContacts(value string) (string, error) {
	if value == "*" { // RFC 3261 10.2.2
		return value, nil
	}
	members, err := splitList(value)
	if err != nil {
		return "", err
	}
	for i, member := range members {
		a, err := parseAddress(member)
		if err != nil {
			return "", err
		}
		members[i] = a.String()
	}
	return strings.Join(members, ", "), nil
}

// checkMethod refuses what nobody defined (501), what nobody serves here
// (405), and a CSeq that names another method.
func checkMethod(m *message) *refusal {
	method := m.method()
	if !slices.Contains(servedMethods, method) && !slices.Contains(knownMethods, method) {
		return &refusal{status: 501, reason: "Not Implemented", headers: []header{{"Allow", allowed}}}
	}
	if _, named, _ := strings.Cut(m.get("CSeq"), " "); named != method {
		return malformed("CSeq names another method")
	}
	if !slices.Contains(servedMethods, method) {
		return &refusal{status: 405, reason: "Method Not Allowed", headers: []header{{"Allow", allowed}}}
	}
	return nil
}

// checkRequire refuses extensions that must be understood and are not: session
// timers are, and receipts for the answers to an INVITE (RFC 3261 8.2.2.3; ACK
// and CANCEL are exempt). Proxy-Require is not ours.
func checkRequire(m *message) *refusal {
	method := m.method()
	if method == "ACK" || method == "CANCEL" {
		return nil
	}
	var required []string
	for _, value := range m.all("Require") {
		for option := range strings.SplitSeq(value, ",") {
			option = strings.TrimSpace(option)
			known := strings.EqualFold(option, "timer") || method == "INVITE" && strings.EqualFold(option, reliability)
			if !known {
				required = append(required, option)
			}
		}
	}
	if len(required) > 0 {
		return &refusal{status: 420, reason: "Bad Extension", headers: []header{{"Unsupported", strings.Join(required, ", ")}}}
	}
	return nil
}

// checkBody lets an INVITE carry SDP or nothing, and expects the caller to
// take SDP back (RFC 3261 8.2.3, 21.4.4).
func checkBody(m *message) *refusal {
	if m.method() != "INVITE" {
		return nil
	}
	kind, _, _ := strings.Cut(m.get("Content-Type"), ";")
	encoding := m.get("Content-Encoding")
	if len(m.body) > 0 && (!strings.EqualFold(strings.TrimSpace(kind), sdpType) || encoding != "" && !strings.EqualFold(encoding, "identity")) {
		return &refusal{status: 415, reason: "Unsupported Media Type", headers: []header{{"Accept", sdpType}, {"Accept-Encoding", "identity"}}}
	}
	if accept := m.all("Accept"); len(accept) > 0 && !acceptsSDP(strings.Join(accept, ",")) {
		return &refusal{status: 406, reason: "Not Acceptable"}
	}
	return nil
}

const sdpType = "application/sdp"

func acceptsSDP(accept string) bool {
	for kind := range strings.SplitSeq(accept, ",") {
		kind, _, _ = strings.Cut(kind, ";")
		switch strings.ToLower(strings.TrimSpace(kind)) {
		case sdpType, "application/*", "*/*", "*":
			return true
		}
	}
	return false
}

// checkResponse accepts an answer that could belong to a request of ours; all
// others are dropped, for nobody answers an answer.
func checkResponse(m *message) bool {
	version, rest, _ := strings.Cut(m.start, " ")
	status, _, _ := strings.Cut(rest, " ")
	if m.fault != nil || !strings.EqualFold(version, "SIP/2.0") || len(status) != 3 || !isNumber(status, 699) || status < "100" {
		return false
	}
	return checkCounts(m) == nil && checkNumbers(m) == nil && checkVias(m) == nil && checkAddresses(m) == nil
}

// setHeader replaces the first header of that name.
func setHeader(m *message, name, value string) {
	for i := range m.headers {
		if m.headers[i].name == name {
			m.headers[i].value = value
			return
		}
	}
}
