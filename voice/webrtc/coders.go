package webrtc

import (
	"strings"

	pion "github.com/pion/webrtc/v4"

	"waggle/audio"
	"waggle/audio/opus"
	"waggle/voice/rtp"
)

// newCodec makes the codec that an offer was answered with.
func newCodec(mime string) (codec, error) {
	if strings.EqualFold(mime, pion.MimeTypePCMU) {
		return &g711{conceal: rtp.NewConcealer(8000)}, nil
	}
	// No DTX of our own: Opus takes a steady tone for noise after a second and
	// would cut hold music and signals, to save what speech pauses do not cost.
	encoder, err := opus.NewEncoder(opus.Settings{FEC: true, LossPercent: 5})
	if err != nil {
		return nil, err
	}
	decoder, err := opus.NewDecoder()
	if err != nil {
		return nil, err
	}
	return &opusCodec{encoder, decoder}, nil
}

type opusCodec struct {
	encoder *opus.Encoder
	decoder *opus.Decoder
}

func (c *opusCodec) rate() int { return opus.Rate }

func (c *opusCodec) encode(pcm []int16) ([]byte, error) { return c.encoder.Encode(pcm) }

func (c *opusCodec) decode(payload []byte) ([]int16, error) { return c.decoder.Decode(payload) }

func (c *opusCodec) recover(next []byte, samples int) ([]int16, error) {
	pcm, err := c.decoder.Recover(next)
	if len(pcm) > samples {
		pcm = pcm[:samples]
	}
	return pcm, err
}

func (c *opusCodec) length(payload []byte) int { return rtp.OpusTicks(payload) }

func (c *opusCodec) lossy(percent int) error { return c.encoder.SetLoss(max(percent, 5)) }

// g711 is µ-law, for browsers without Opus.
type g711 struct {
	conceal *rtp.Concealer
	in      []int16
	out     []byte
}

func (c *g711) rate() int { return 8000 }

func (c *g711) encode(pcm []int16) ([]byte, error) {
	c.out = audio.MuLaw.Encode(c.out[:0], pcm)
	return c.out, nil
}

func (c *g711) decode(payload []byte) ([]int16, error) {
	c.in = audio.MuLaw.Decode(c.in[:0], payload)
	c.conceal.Good(c.in)
	return c.in, nil
}

func (c *g711) recover(_ []byte, samples int) ([]int16, error) {
	if cap(c.in) < samples {
		c.in = make([]int16, samples)
	}
	c.in = c.in[:samples]
	c.conceal.Lost(c.in)
	return c.in, nil
}

func (c *g711) length(payload []byte) int { return len(payload) }

func (c *g711) lossy(int) error { return nil }
