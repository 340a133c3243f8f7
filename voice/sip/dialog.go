package sip

import (
	"errors"
	"net/netip"

	"github.com/emiago/sipgo/sip"

	"waggle/voice/rtp"
)

// retarget follows the peer's Contact (RFC 3261 12.2).
func (c *call) retarget(contact *sip.ContactHeader) {
	if contact == nil || contact.Address.Wildcard {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.target = contact.Address
}

// openAudio binds the audio socket of the call.
func (c *call) openAudio() error {
	conn, control, err := c.door.ports.open(c.hop.local.Addr())
	if err != nil {
		return err
	}
	if c.control, err = rtp.NewControl(control); err != nil {
		return errors.Join(err, conn.Close(), control.Close())
	}
	c.socket = conn
	c.audioAt = netip.AddrPortFrom(c.hop.public.Addr(), addrPort(conn.LocalAddr()).Port())
	return nil
}

// origin names the next description of ours.
func (c *call) origin() origin {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version++
	return origin{c.audioAt, addrPort(c.control.LocalAddr()).Port(), c.session, c.version}
}

// readSDP parses the peer's description. A private address behind a public
// one means NAT: then audio goes to where the signalling came from.
func (c *call) readSDP(body []byte) (description, error) {
	source := c.hop.remote.Addr()
	desc, err := parseDescription(body, source.IsLoopback())
	if r := desc.audio.remote; err == nil && r.Addr().IsPrivate() && !source.IsPrivate() && !source.IsLoopback() {
		desc.audio.remote = netip.AddrPortFrom(source, r.Port())
	}
	return desc, err
}

// success is the 200 that makes or changes the dialog.
func (c *call) success(req *sip.Request, body []byte) *sip.Response {
	res := sip.NewResponseFromRequest(req, 200, "OK", nil)
	res.To().Params.Add("tag", c.localTag)
	res.AppendHeader(sip.NewHeader("Contact", c.contact()))
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	res.AppendHeader(sip.NewHeader("Server", userAgent))
	res.AppendHeader(sip.NewHeader("Supported", supported))
	timer := requestedTimer(req)
	for _, h := range timer.headers() {
		res.AppendHeader(sip.NewHeader(h.name, h.value))
	}
	c.refreshed(timer)
	res.AppendHeader(sip.NewHeader("Content-Type", sdpType))
	res.SetBody(body)
	return res
}

// contact is where the peer reaches us inside the dialog.
func (c *call) contact() string {
	uri := sip.Uri{Scheme: "sip", User: c.user, Host: c.hop.public.Addr().String(), Port: int(c.hop.public.Port())}
	if c.hop.network == "tcp" {
		uri.UriParams.Add("transport", "tcp")
	}
	return "<" + uri.String() + ">"
}
