package webrtc

import (
	"strings"

	"github.com/pion/sdp/v3"
	pion "github.com/pion/webrtc/v4"
)

// What an offer may hold. An audio-only offer of a browser is about 2 KiB.
const (
	maxSDP        = 32 << 10
	maxCandidates = 32
)

// registerCodecs tells pion what this door speaks (RFC 7874): Opus with
// in-band FEC, G.711, and telephone-event for keys. DTX is taken from browsers
// that use it but not asked for: recognition hears better with the room in.
func registerCodecs(m *pion.MediaEngine) error {
	for _, c := range []pion.RTPCodecParameters{
		{RTPCodecCapability: opusCapability(), PayloadType: 111},
		{RTPCodecCapability: pcmuCapability(), PayloadType: 0},
		{RTPCodecCapability: pion.RTPCodecCapability{MimeType: mimeEvent, ClockRate: 48000}, PayloadType: 110},
		{RTPCodecCapability: pion.RTPCodecCapability{MimeType: mimeEvent, ClockRate: 8000}, PayloadType: 126},
	} {
		if err := m.RegisterCodec(c, pion.RTPCodecTypeAudio); err != nil {
			return err
		}
	}
	return nil
}

const mimeEvent = "audio/telephone-event"

func opusCapability() pion.RTPCodecCapability {
	return pion.RTPCodecCapability{MimeType: pion.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}
}

func pcmuCapability() pion.RTPCodecCapability {
	return pion.RTPCodecCapability{MimeType: pion.MimeTypePCMU, ClockRate: 8000}
}

// checkOffer looks at an offer before pion does, and picks the codec of our
// own track.
func checkOffer(text string) (pion.RTPCodecCapability, error) {
	var none pion.RTPCodecCapability
	if len(text) > maxSDP {
		return none, ErrTooLarge
	}
	if countCandidates(text) > maxCandidates {
		return none, ErrTooMany
	}
	var s sdp.SessionDescription
	if err := s.Unmarshal([]byte(text)); err != nil {
		return none, ErrBadOffer
	}
	if len(s.MediaDescriptions) != 1 || s.MediaDescriptions[0].MediaName.Media != "audio" {
		return none, ErrBadOffer
	}
	audio := s.MediaDescriptions[0]
	for _, direction := range []string{"sendonly", "recvonly", "inactive"} {
		if _, found := audio.Attribute(direction); found {
			return none, ErrBadOffer
		}
	}
	return pickCodec(audio)
}

// pickCodec takes Opus when it is offered, else G.711.
func pickCodec(audio *sdp.MediaDescription) (pion.RTPCodecCapability, error) {
	for _, at := range audio.Attributes {
		_, codec, _ := strings.Cut(at.Value, " ")
		if at.Key == "rtpmap" && strings.EqualFold(codec, "opus/48000/2") {
			return opusCapability(), nil
		}
	}
	for _, f := range audio.MediaName.Formats {
		if f == "0" {
			return pcmuCapability(), nil
		}
	}
	return pion.RTPCodecCapability{}, ErrNoCodec
}

func countCandidates(text string) int { return strings.Count(text, "a=candidate:") }
