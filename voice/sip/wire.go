package sip

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
)

// Limits on one message. A SIP message of a phone call is 1 to 3 KiB; these
// leave room for long routes and refuse what only an attack would send.
const (
	maxHead    = 16 << 10
	maxBody    = 48 << 10
	maxHeaders = 128
)

// header is one header field: its canonical name ("Via", never "v") and its
// value with the folding of RFC 3261 7.3.1 undone.
type header struct{ name, value string }

// message is one SIP message cut into lines; no header is understood yet.
type message struct {
	start   string
	headers []header
	body    []byte
	fault   error // the first line that is no header, if any
}

var (
	errNoColon     = errors.New("a header line without a colon")
	errBareNewline = errors.New("a line end that is not CRLF")
	errTooMany     = errors.New("too many header lines")
)

// longName maps the compact forms of RFC 3261 7.3.3 and the spellings of the
// headers that this package reads to one name each.
var longName = map[string]string{
	"v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact",
	"c": "Content-Type", "l": "Content-Length", "e": "Content-Encoding",
	"k": "Supported", "s": "Subject", "o": "Event", "r": "Refer-To",
	"b": "Referred-By", "u": "Allow-Events",
	"via": "Via", "from": "From", "to": "To", "call-id": "Call-ID",
	"cseq": "CSeq", "contact": "Contact", "content-type": "Content-Type",
	"content-length": "Content-Length", "content-encoding": "Content-Encoding",
	"max-forwards": "Max-Forwards", "expires": "Expires", "require": "Require",
	"accept": "Accept", "authorization": "Authorization", "route": "Route",
	"record-route": "Record-Route",
}

// headEnd returns the length of start line, headers and empty line, or -1
// while the empty line has not arrived.
func headEnd(data []byte) int {
	if i := bytes.Index(data, []byte("\r\n\r\n")); i >= 0 {
		return i + 4
	}
	return -1
}

// cut splits the head of a message into lines and undoes folding. It always
// returns what it could read, so that a refusal can name its request.
func cut(head []byte) message {
	lines := strings.Split(strings.TrimSuffix(string(head), "\r\n\r\n"), "\r\n")
	m := message{start: lines[0]}
	if bareNewline(lines) {
		m.fault = errBareNewline
	}
	for _, line := range lines[1:] {
		m.addLine(line)
	}
	return m
}

// addLine appends one header line, or continues the one before.
func (m *message) addLine(line string) {
	if line != "" && (line[0] == ' ' || line[0] == '\t') && len(m.headers) > 0 {
		last := &m.headers[len(m.headers)-1]
		last.value = strings.TrimSpace(last.value + " " + strings.TrimSpace(printable(line)))
		return
	}
	name, value, ok := strings.Cut(line, ":")
	name = strings.TrimRight(name, " \t")
	switch {
	case !ok || !isToken(name):
		m.setFault(errNoColon)
		return
	case len(m.headers) == maxHeaders:
		m.setFault(errTooMany)
		return
	}
	if long, ok := longName[strings.ToLower(name)]; ok {
		name = long
	}
	m.headers = append(m.headers, header{name, strings.TrimSpace(printable(value))})
}

// printable keeps control characters out of anything that is echoed.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

func (m *message) setFault(err error) {
	if m.fault == nil {
		m.fault = err
	}
}

func bareNewline(lines []string) bool {
	for _, l := range lines {
		if strings.ContainsAny(l, "\r\n") {
			return true
		}
	}
	return false
}

// isResponse tells an answer from a request by its start line.
func (m *message) isResponse() bool {
	return len(m.start) >= 4 && strings.EqualFold(m.start[:4], "SIP/")
}

// method is the first word of the start line of a request.
func (m *message) method() string {
	method, _, _ := strings.Cut(m.start, " ")
	return method
}

// all returns every value of a header, in order.
func (m *message) all(name string) []string {
	var out []string
	for _, h := range m.headers {
		if strings.EqualFold(h.name, name) {
			out = append(out, h.value)
		}
	}
	return out
}

// get returns the first value of a header, or "".
func (m *message) get(name string) string {
	for _, h := range m.headers {
		if strings.EqualFold(h.name, name) {
			return h.value
		}
	}
	return ""
}

// contentLength reads the body size; ok is false when the header is absent,
// repeated or no plain number (RFC 3261 20.14).
func (m *message) contentLength() (n int, ok bool) {
	values := m.all("Content-Length")
	if len(values) != 1 || !isDigits(values[0]) {
		return 0, false
	}
	n, err := strconv.Atoi(values[0])
	return n, err == nil && n <= maxBody
}

// bytes writes the message with long header names, unfolded lines and exactly
// one Content-Length: the only shape that the SIP stack is given.
func (m *message) bytes() []byte {
	var b bytes.Buffer
	b.WriteString(m.start)
	b.WriteString("\r\n")
	for _, h := range m.headers {
		if h.name == "Content-Length" {
			continue
		}
		b.WriteString(h.name)
		b.WriteString(": ")
		b.WriteString(h.value)
		b.WriteString("\r\n")
	}
	b.WriteString("Content-Length: ")
	b.WriteString(strconv.Itoa(len(m.body)))
	b.WriteString("\r\n\r\n")
	b.Write(m.body)
	return b.Bytes()
}
