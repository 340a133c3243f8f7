package sip

import (
	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// credentials answer digest challenges of peers.
type credentials struct{ user, password string }

// answer returns the header that answers a 401 or 407, if it can.
func (c credentials) answer(res *sip.Response, req *sip.Request) (name, value string, ok bool) {
	ask, name := "WWW-Authenticate", "Authorization"
	if res.StatusCode == 407 {
		ask, name = "Proxy-Authenticate", "Proxy-Authorization"
	}
	if c.password == "" || res.StatusCode != 401 && res.StatusCode != 407 {
		return "", "", false
	}
	for _, h := range res.GetHeaders(ask) {
		challenge, err := digest.ParseChallenge(h.Value())
		if err != nil || !digest.CanDigest(challenge) {
			continue
		}
		reply, err := digest.Digest(challenge, digest.Options{
			Method: string(req.Method), URI: req.Recipient.String(), Count: 1, Username: c.user, Password: c.password})
		if err == nil {
			return name, reply.String(), true
		}
	}
	return "", "", false
}
