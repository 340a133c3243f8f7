package sip

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
)

// replyTo writes an answer without any transaction behind it (RFC 3261 8.2.7):
// the same request always gets the same answer, tag included, so nothing has
// to be remembered about somebody who is refused.
func replyTo(m *message, r *refusal, from netip.AddrPort, key []byte) []byte {
	if m.isResponse() || m.method() == "ACK" || len(m.all("Via")) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("SIP/2.0 " + strconv.Itoa(r.status) + " " + r.reason + "\r\n")
	for i, value := range m.all("Via") {
		if i == 0 {
			value = markReceived(value, from)
		}
		b.WriteString("Via: " + value + "\r\n")
	}
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		value := m.get(name)
		if value == "" {
			continue
		}
		if name == "To" && !strings.Contains(strings.ToLower(value), ";tag=") {
			value += ";tag=" + replyTag(m, key)
		}
		b.WriteString(name + ": " + value + "\r\n")
	}
	for _, h := range r.headers {
		b.WriteString(h.name + ": " + h.value + "\r\n")
	}
	b.WriteString("Content-Length: 0\r\n\r\n")
	return []byte(b.String())
}

// markReceived tells the client where its request came from (RFC 3581 4).
func markReceived(value string, from netip.AddrPort) string {
	v, err := parseVia(value)
	if err != nil {
		return value
	}
	kept := v.params[:0:0]
	for _, p := range v.params {
		if !strings.EqualFold(p.name, "received") && !strings.EqualFold(p.name, "rport") {
			kept = append(kept, p)
		}
	}
	v.params = append(kept,
		param{"received", from.Addr().String(), true},
		param{"rport", strconv.Itoa(int(from.Port())), true})
	return v.String()
}

// replyTag derives the To tag from the request, so that retransmissions get
// the same one.
func replyTag(m *message, key []byte) string {
	mac := hmac.New(sha256.New, key)
	for _, name := range []string{"Call-ID", "CSeq", "From"} {
		mac.Write([]byte(m.get(name) + "\n"))
	}
	return hex.EncodeToString(mac.Sum(nil)[:8])
}
