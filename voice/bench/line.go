package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"waggle/asr"
	"waggle/asr/eval"
	"waggle/audio"
	"waggle/voice"
	"waggle/voice/rtp"
)

// Recording is one utterance and what is said in it.
type Recording struct {
	PCM  []int16 // 8 kHz
	Text string
}

// LineConfig is a measurement of what is understood over a line.
type LineConfig struct {
	Recognizer asr.Recognizer
	NewVAD     func() (voice.ClosingVAD, error)
	Recordings []Recording
	Profile    Profile
	// Babble mixes other recordings in, so many dB below the speech; zero for
	// none. Quieter turns speech down by so many dB before the line.
	Babble, Quieter float64
}

// LineReport says what was understood.
type LineReport struct {
	Profile string  `json:"profile"`
	Babble  float64 `json:"babble_db,omitempty"`
	Quieter float64 `json:"quieter_db,omitempty"`
	N       int     `json:"n"`
	Chars   int     `json:"chars"`
	CER     float64 `json:"cer"`
	// Again is the share of recordings after which the robot would ask again.
	Again float64 `json:"again"`
	// Invented is the share whose words would be acted upon although most of
	// them were never said.
	Invented float64 `json:"invented"`
	// Pieces is how many utterances a recording was cut into on average.
	Pieces float64 `json:"pieces"`
	Loss   float64 `json:"loss"`
	MOS    float64 `json:"mos"`
}

// Lead and tail of silence around a recording: the jitter buffer settles, and
// the utterance ends by itself.
const (
	lineLead = 1200 // ms
	lineTail = 2200
	// invented is the error rate above which accepted words count as made up.
	invented = 0.5
)

// ErrRecordings says that there is nothing to hear.
var ErrRecordings = errors.New("bench: no recordings to send through the line")

// RunLine sends every recording through the line, the gateway's own jitter
// buffer, concealment, voice activity, endpointer and recogniser. The same
// configuration gives the same report.
func RunLine(ctx context.Context, c LineConfig) (LineReport, error) {
	if len(c.Recordings) == 0 {
		return LineReport{}, ErrRecordings
	}
	rep := LineReport{Profile: c.Profile.Name, Babble: c.Babble, Quieter: c.Quieter, N: len(c.Recordings)}
	var sum tally
	for i := range c.Recordings {
		if err := c.one(ctx, i, &sum); err != nil {
			return rep, err
		}
	}
	n := float64(rep.N)
	rep.Chars, rep.CER = sum.chars, float64(sum.errors)/float64(max(1, sum.chars))
	rep.Again, rep.Invented, rep.Pieces = float64(sum.again)/n, float64(sum.invented)/n, float64(sum.pieces)/n
	rep.Loss, rep.MOS = sum.loss/n, sum.mos/n
	return rep, nil
}

type tally struct {
	chars, errors, again, invented, pieces int
	loss, mos                              float64
}

// one hears one recording.
func (c LineConfig) one(ctx context.Context, i int, sum *tally) error {
	rng := rand.New(rand.NewPCG(uint64(i), 4)) //nolint:gosec // the same network for every recogniser
	leg := newPathLeg(newPath(c.Profile, c.sound(i, rng), rng))
	vad, err := c.NewVAD()
	if err != nil {
		return fmt.Errorf("bench: voice activity: %w", err)
	}
	text, certain := "", false
	err = voice.Listen(ctx, leg, voice.Ear{Recognizer: c.Recognizer, VAD: vad}, func(t asr.Transcript, understood bool) {
		text += t.Text
		certain = certain || understood
		sum.pieces++
	})
	if err = errors.Join(err, vad.Close()); err != nil {
		return fmt.Errorf("bench: recording %d: %w", i, err)
	}
	want := eval.Characters(c.Recordings[i].Text)
	wrong := eval.Distance(want, eval.Characters(text))
	sum.chars, sum.errors = sum.chars+len(want), sum.errors+wrong
	switch {
	case !certain:
		sum.again++
	case float64(wrong) > invented*float64(len(want)):
		sum.invented++
	}
	q := leg.Quality()
	sum.loss, sum.mos = sum.loss+q.Loss, sum.mos+q.MOS
	return leg.Close(voice.CauseNormal)
}

// sound is a recording with silence around it, or with the voices of others.
func (c LineConfig) sound(i int, rng *rand.Rand) []int16 {
	speech := c.Recordings[i].PCM
	pcm := make([]float64, lineLead*rtp.Rate/1000+len(speech)+lineTail*rtp.Rate/1000)
	down := math.Pow(10, -c.Quieter/20)
	for k, x := range speech {
		pcm[lineLead*rtp.Rate/1000+k] = down * float64(x)
	}
	if c.Babble != 0 {
		others := make([][]int16, 0, len(c.Recordings))
		for k, r := range c.Recordings {
			if k != i || len(c.Recordings) == 1 {
				others = append(others, r.PCM)
			}
		}
		babble(pcm, others, audio.Level(trim(speech))-c.Quieter-c.Babble, rng)
	}
	out := make([]int16, len(pcm))
	for k, x := range pcm {
		out[k] = int16(min(max(x, math.MinInt16), math.MaxInt16))
	}
	return out
}
