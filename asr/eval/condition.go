package eval

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"waggle/audio"
	"waggle/audio/clip"
)

// ErrCondition says that a condition cannot be made.
var ErrCondition = errors.New("band is phone or nothing, noise is white, babble or nothing, snr -20 to 60 dB, loss 0 to 50 %")

// Condition is what is done to a recording before it is heard, in the order
// noise, band, loss. The zero value changes nothing.
type Condition struct {
	// Band "phone" goes through 8 kHz and G.711 A-law.
	Band string `json:"band,omitempty"`
	// Noise is white or babble (five other speakers of the set), SNR its
	// distance in dB below the level of the active speech.
	Noise string  `json:"noise,omitempty"`
	SNR   float64 `json:"snr,omitempty"`
	// Loss is the share of 20 ms packets lost, in percent, in bursts of three
	// on average (Gilbert, Bell System Technical Journal 39, 1960).
	Loss float64 `json:"loss,omitempty"`
}

// Validate wraps ErrCondition.
func (c Condition) Validate() error {
	switch {
	case c.Band != "" && c.Band != "phone", c.Noise != "" && c.Noise != "white" && c.Noise != "babble",
		!(c.SNR >= -20 && c.SNR <= 60), !(c.Loss >= 0 && c.Loss <= 50):
		return fmt.Errorf("%w: got band %q, noise %q, snr %g, loss %g", ErrCondition, c.Band, c.Noise, c.SNR, c.Loss)
	}
	return nil
}

// String names the condition as tables do: "phone, white 10 dB, loss 3 %".
func (c Condition) String() string {
	name := "as recorded"
	if c.Band != "" {
		name = c.Band
	}
	if c.Noise != "" {
		name += fmt.Sprintf(", %s %g dB", c.Noise, c.SNR)
	}
	if c.Loss > 0 {
		name += fmt.Sprintf(", loss %g %%", c.Loss)
	}
	return name
}

// Matrix is the table of conditions that a telephone recogniser is judged by.
func Matrix() []Condition {
	return []Condition{
		{}, {Band: "phone"},
		{Band: "phone", Noise: "white", SNR: 20}, {Band: "phone", Noise: "white", SNR: 10},
		{Band: "phone", Noise: "babble", SNR: 20}, {Band: "phone", Noise: "babble", SNR: 10},
		{Band: "phone", Loss: 1}, {Band: "phone", Loss: 3}, {Band: "phone", Loss: 8},
	}
}

// Concealer hides lost packets as the product's own receiver does: every frame
// is handed to one of the two, in order, and changed in place.
type Concealer interface {
	Good(pcm []int16)
	Lost(pcm []int16)
}

const (
	voices      = 5 // of babble
	burst       = 3 // packets
	packetsASec = 50
)

// distorter applies one condition; the same item always sounds the same.
type distorter struct {
	Condition
	conceal func(rate int) Concealer
	babble  []voice
}

type voice struct {
	speaker string
	pcm     []int16
}

func (d *distorter) apply(i int, item Item, c clip.Clip) (clip.Clip, error) {
	rng := rand.New(rand.NewPCG(uint64(i), 20261121))
	pcm, rate := c.PCM, clip.Rate
	switch d.Noise {
	case "white":
		pcm = mix(pcm, white(len(pcm), rng), d.SNR)
	case "babble":
		pcm = mix(pcm, d.crowd(item, len(pcm), rng), d.SNR)
	}
	var err error
	if d.Band == "phone" {
		rate = 8000
		if pcm, err = audio.Resample(pcm, clip.Rate, rate); err != nil {
			return c, err
		}
		pcm = audio.ALaw.Decode(nil, audio.ALaw.Encode(nil, pcm))
	}
	if d.Loss > 0 {
		pcm = d.lossy(slices.Clone(pcm), rate, rng)
	}
	if rate != clip.Rate {
		if pcm, err = audio.Resample(pcm, rate, clip.Rate); err != nil {
			return c, err
		}
	}
	return clip.Clip{PCM: pcm}, nil
}

// lossy loses packets and has them concealed, in place.
func (d *distorter) lossy(pcm []int16, rate int, rng *rand.Rand) []int16 {
	share := d.Loss / 100
	begin, end := share/(burst*(1-share)), 1.0/burst
	hide, lost := d.conceal(rate), false
	for packet := range slices.Chunk(pcm, rate/packetsASec) {
		if lost {
			lost = rng.Float64() >= end
		} else {
			lost = rng.Float64() < begin
		}
		if lost {
			hide.Lost(packet)
		} else {
			hide.Good(packet)
		}
	}
	return pcm
}

func white(n int, rng *rand.Rand) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = rng.NormFloat64()
	}
	return out
}

// crowd lets others of the set talk at once, equally loud.
func (d *distorter) crowd(item Item, n int, rng *rand.Rand) []float64 {
	out := make([]float64, n)
	others := make([]voice, 0, len(d.babble))
	for _, v := range d.babble {
		if v.speaker != item.Speaker || v.speaker == "" {
			others = append(others, v)
		}
	}
	for range voices {
		if len(others) == 0 {
			break
		}
		v := others[rng.IntN(len(others))]
		gain, at := 1/max(math.Sqrt(activePower(v.pcm)), 1), rng.IntN(len(v.pcm))
		for i := range out {
			out[i] += gain * float64(v.pcm[(at+i)%len(v.pcm)])
		}
	}
	return out
}

// mix adds noise so many dB below the active speech.
func mix(pcm []int16, noise []float64, snr float64) []int16 {
	sum := 0.0
	for _, x := range noise {
		sum += x * x
	}
	if sum == 0 {
		return pcm
	}
	gain := math.Sqrt(activePower(pcm) * math.Pow(10, -snr/10) / (sum / float64(len(noise))))
	out := make([]int16, len(pcm))
	for i, s := range pcm {
		out[i] = int16(min(max(math.Round(float64(s)+gain*noise[i]), math.MinInt16), math.MaxInt16))
	}
	return out
}

// activePower is the mean power of the 20 ms frames that lie within 25 dB of
// the loudest: the level of the speech without its pauses, in the spirit of
// ITU-T P.56.
func activePower(pcm []int16) float64 {
	var frames []float64
	for f := range slices.Chunk(pcm, clip.Rate/packetsASec) {
		sum := 0.0
		for _, s := range f {
			sum += float64(s) * float64(s)
		}
		frames = append(frames, sum/float64(len(f)))
	}
	if len(frames) == 0 {
		return 0
	}
	floor := slices.Max(frames) * math.Pow(10, -2.5)
	sum, n := 0.0, 0
	for _, p := range frames {
		if p >= floor {
			sum, n = sum+p, n+1
		}
	}
	return sum / float64(n)
}
