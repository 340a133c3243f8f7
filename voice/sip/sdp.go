package sip

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// ErrNoMedia is the verdict on an offer or answer without a usable audio
// stream; it becomes 488 (RFC 3261 21.4.26).
var ErrNoMedia = errors.New("no usable audio in the session description")

// The static payload types that this door speaks (RFC 3551 6).
const (
	payloadPCMU = 0
	payloadPCMA = 8
	// payloadComfort is comfort noise (RFC 3389): who names it agrees that
	// silence may be left out.
	payloadComfort = 13
)

// noDTMF marks a stream without telephone-event.
const noDTMF = -1

// stream is what both sides settled for one audio stream.
type stream struct {
	remote   netip.AddrPort // where their audio is expected from and ours goes to
	payload  uint8          // payloadPCMA or payloadPCMU
	dtmf     int            // payload type of telephone-event (RFC 4733), or noDTMF
	comfort  bool           // comfort noise is understood
	mux      bool           // RTCP may share the port of the audio (RFC 5761)
	control  uint16         // port of RTCP (RFC 3605), 0 for the one behind the audio's
	theyHear bool           // the peer wants to receive (false: on hold)
	theyTalk bool           // the peer may send
}

// description is a parsed offer or answer.
type description struct {
	audio  stream
	index  int // which m= line is the audio
	medias []*sdp.MediaDescription
}

// parseDescription finds the first usable audio stream of an offer or answer
// (RFC 3264). local allows media addresses on this machine.
func parseDescription(body []byte, local bool) (description, error) {
	var s sdp.SessionDescription
	if err := s.Unmarshal(body); err != nil {
		return description{}, fmt.Errorf("%w: %w", ErrNoMedia, err)
	}
	for i, m := range s.MediaDescriptions {
		if a, ok := readAudio(&s, m, local); ok {
			return description{a, i, s.MediaDescriptions}, nil
		}
	}
	return description{}, ErrNoMedia
}

func readAudio(s *sdp.SessionDescription, m *sdp.MediaDescription, local bool) (stream, bool) {
	name := m.MediaName
	if name.Media != "audio" || strings.Join(name.Protos, "/") != "RTP/AVP" || name.Port.Value == 0 {
		return stream{}, false
	}
	a := stream{dtmf: noDTMF}
	if !a.pickFormats(m) || !a.pickAddress(s, m, local) {
		return stream{}, false
	}
	a.theyHear, a.theyTalk = direction(s, m)
	a.pickControl(m)
	if a.remote.Addr().IsUnspecified() { // hold, the way of RFC 2543
		a.theyHear = false
	}
	return a, true
}

// pickFormats takes the first G.711 of the peer's preference and its
// telephone-event, if any.
func (a *stream) pickFormats(m *sdp.MediaDescription) bool {
	found := false
	for _, f := range m.MediaName.Formats {
		pt, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			return false
		}
		switch {
		case pt == payloadPCMA || pt == payloadPCMU:
			if !found {
				a.payload, found = uint8(pt), true
			}
		case pt == payloadComfort:
			a.comfort = true
		case isTelephoneEvent(m, f):
			a.dtmf = int(pt)
		}
	}
	return found
}

// pickControl reads where reports go. Only the port is taken from a=rtcp: they
// never go to another machine than the audio.
func (a *stream) pickControl(m *sdp.MediaDescription) {
	_, a.mux = m.Attribute("rtcp-mux")
	value, _ := m.Attribute("rtcp")
	text, _, _ := strings.Cut(value, " ")
	if port, err := strconv.ParseUint(text, 10, 16); err == nil && port >= 1024 {
		a.control = uint16(port) //nolint:gosec // parsed as 16 bits
	}
}

// reports is where the peer wants RTCP.
func (a stream) reports() netip.AddrPort {
	port := a.control
	if port == 0 {
		port = a.remote.Port() + 1
	}
	return netip.AddrPortFrom(a.remote.Addr(), port)
}

func isTelephoneEvent(m *sdp.MediaDescription, format string) bool {
	for _, at := range m.Attributes {
		pt, codec, _ := strings.Cut(at.Value, " ")
		if at.Key == "rtpmap" && pt == format && strings.EqualFold(strings.TrimSpace(codec), "telephone-event/8000") {
			return true
		}
	}
	return false
}

// pickAddress reads where media should go. Media is never sent to a group, to
// the link or to a service port because a stranger's SDP says so.
func (a *stream) pickAddress(s *sdp.SessionDescription, m *sdp.MediaDescription, local bool) bool {
	c := m.ConnectionInformation
	if c == nil {
		c = s.ConnectionInformation
	}
	if c == nil || c.Address == nil || c.NetworkType != "IN" {
		return false
	}
	addr, err := netip.ParseAddr(c.Address.Address)
	port := m.MediaName.Port.Value
	if err != nil || port < 1024 || port > 65535 || !mediaAllowed(addr.Unmap(), local) {
		return false
	}
	a.remote = netip.AddrPortFrom(addr.Unmap(), uint16(port)) //nolint:gosec // bounded above
	return true
}

func mediaAllowed(a netip.Addr, local bool) bool {
	switch {
	case a.IsMulticast(), a.IsLinkLocalUnicast(), a == netip.AddrFrom4([4]byte{255, 255, 255, 255}), a.Zone() != "":
		return false
	case a.IsLoopback():
		return local
	}
	return true
}

// direction reads sendrecv, sendonly, recvonly or inactive, as the peer means
// it (RFC 3264 5.1).
func direction(s *sdp.SessionDescription, m *sdp.MediaDescription) (theyHear, theyTalk bool) {
	for _, attributes := range [][]sdp.Attribute{m.Attributes, s.Attributes} {
		for _, at := range attributes {
			switch at.Key {
			case "sendrecv":
				return true, true
			case "sendonly":
				return false, true
			case "recvonly":
				return true, false
			case "inactive":
				return false, false
			}
		}
	}
	return true, true
}

// eventFormat is the telephone-event payload type of our own offers.
const eventFormat = 101

// origin identifies one description of ours among all (RFC 8866 5.2).
type origin struct {
	local            netip.AddrPort // where our audio is
	control          uint16         // port of our RTCP, 0 if there is none
	session, version uint64
}

// offer describes our side when we speak first.
func (o origin) offer() ([]byte, error) {
	m := o.audio([]string{"8", "0", "13", "101"}, eventFormat, "sendrecv", true)
	return o.marshal([]*sdp.MediaDescription{m})
}

// answer accepts the audio of an offer and refuses its other streams, line by
// line (RFC 3264 6).
func (o origin) answer(d description) ([]byte, error) {
	medias := make([]*sdp.MediaDescription, len(d.medias))
	for i, m := range d.medias {
		if i != d.index {
			medias[i] = &sdp.MediaDescription{MediaName: sdp.MediaName{
				Media: m.MediaName.Media, Protos: m.MediaName.Protos, Formats: m.MediaName.Formats}}
			continue
		}
		formats := []string{strconv.Itoa(int(d.audio.payload))}
		if d.audio.comfort {
			formats = append(formats, strconv.Itoa(payloadComfort))
		}
		if d.audio.dtmf != noDTMF {
			formats = append(formats, strconv.Itoa(d.audio.dtmf))
		}
		medias[i] = o.audio(formats, d.audio.dtmf, d.audio.mirror(), d.audio.mux)
	}
	return o.marshal(medias)
}

// mirror is our direction in answer to theirs.
func (a stream) mirror() string {
	switch {
	case a.theyHear && a.theyTalk:
		return "sendrecv"
	case a.theyHear:
		return "sendonly"
	case a.theyTalk:
		return "recvonly"
	}
	return "inactive"
}

func (o origin) audio(formats []string, dtmf int, direction string, mux bool) *sdp.MediaDescription {
	m := &sdp.MediaDescription{MediaName: sdp.MediaName{
		Media: "audio", Port: sdp.RangedPort{Value: int(o.local.Port())}, Protos: []string{"RTP", "AVP"}, Formats: formats}}
	for _, f := range formats {
		switch f {
		case "0":
			m.WithValueAttribute("rtpmap", "0 PCMU/8000")
		case "8":
			m.WithValueAttribute("rtpmap", "8 PCMA/8000")
		case "13":
			m.WithValueAttribute("rtpmap", "13 CN/8000")
		case strconv.Itoa(dtmf):
			m.WithValueAttribute("rtpmap", f+" telephone-event/8000")
			m.WithValueAttribute("fmtp", f+" 0-16")
		}
	}
	if o.control != 0 && o.control != o.local.Port()+1 {
		m.WithValueAttribute("rtcp", strconv.Itoa(int(o.control)))
	}
	if mux {
		m.WithPropertyAttribute("rtcp-mux")
	}
	return m.WithValueAttribute("ptime", "20").WithPropertyAttribute(direction)
}

func (o origin) marshal(medias []*sdp.MediaDescription) ([]byte, error) {
	host, kind := o.local.Addr(), "IP4"
	if host.Is6() {
		kind = "IP6"
	}
	s := sdp.SessionDescription{
		Origin: sdp.Origin{Username: "waggle", SessionID: o.session, SessionVersion: o.version,
			NetworkType: "IN", AddressType: kind, UnicastAddress: host.String()},
		SessionName:           "-",
		ConnectionInformation: &sdp.ConnectionInformation{NetworkType: "IN", AddressType: kind, Address: &sdp.Address{Address: host.String()}},
		TimeDescriptions:      []sdp.TimeDescription{{}},
		MediaDescriptions:     medias,
	}
	return s.Marshal()
}
