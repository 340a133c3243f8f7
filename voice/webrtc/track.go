package webrtc

import (
	"io"
	"sync"

	pionrtp "github.com/pion/rtp"
	pion "github.com/pion/webrtc/v4"
)

// track is our sound on its way to the browser. Pion's own tracks give every
// packet the payload type of the codec; this one can also carry keys.
type track struct {
	codec pion.RTPCodecCapability

	mu     sync.Mutex
	writer pion.TrackLocalWriter // nil until bound
	ssrc   uint32
	sound  uint8 // payload types that were agreed on
	keys   uint8 // 0 if the browser takes none
}

var _ pion.TrackLocal = (*track)(nil)

// Bind implements pion.TrackLocal: called when the codecs are agreed on.
func (t *track) Bind(c pion.TrackLocalContext) (pion.RTPCodecParameters, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found pion.RTPCodecParameters
	for _, p := range c.CodecParameters() {
		switch {
		case p.MimeType == t.codec.MimeType && p.ClockRate == t.codec.ClockRate && found.MimeType == "":
			found = p
		case p.MimeType == mimeEvent && p.ClockRate == t.codec.ClockRate:
			t.keys = uint8(p.PayloadType)
		}
	}
	if found.MimeType == "" {
		return found, pion.ErrUnsupportedCodec
	}
	t.writer, t.ssrc, t.sound = c.WriteStream(), uint32(c.SSRC()), uint8(found.PayloadType)
	return found, nil
}

// Unbind implements pion.TrackLocal.
func (t *track) Unbind(pion.TrackLocalContext) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.writer = nil
	return nil
}

// ID, RID, StreamID and Kind implement pion.TrackLocal.
func (t *track) ID() string              { return "voice" }
func (t *track) RID() string             { return "" }
func (t *track) StreamID() string        { return "waggle" }
func (t *track) Kind() pion.RTPCodecType { return pion.RTPCodecTypeAudio }

// takesKeys reports whether the browser has agreed to telephone-event.
func (t *track) takesKeys() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.keys != 0
}

// identity is the SSRC of our stream.
func (t *track) identity() uint32 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.ssrc
}

// write sends a packet of sound or of a key; nothing while there is no browser.
func (t *track) write(h pionrtp.Header, payload []byte, key bool) error {
	t.mu.Lock()
	writer := t.writer
	h.SSRC, h.PayloadType = t.ssrc, t.sound
	if key {
		h.PayloadType = t.keys
	}
	t.mu.Unlock()
	if writer == nil {
		return nil
	}
	_, err := writer.WriteRTP(&h, payload)
	if err == nil || err == io.ErrClosedPipe { //nolint:errorlint // pion returns it bare
		return err
	}
	return nil // what one datagram meets on its way is not the end of a call
}
