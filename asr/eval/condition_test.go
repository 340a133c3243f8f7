package eval

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"waggle/audio/clip"
)

// tone is a second of a sine, then a second of silence.
func tone(hz float64) clip.Clip {
	pcm := make([]int16, 2*clip.Rate)
	for i := range clip.Rate {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/clip.Rate))
	}
	return clip.Clip{PCM: pcm}
}

func power(pcm []int16) float64 {
	sum := 0.0
	for _, s := range pcm {
		sum += float64(s) * float64(s)
	}
	return sum / float64(len(pcm))
}

func TestNoiseLiesSoFarBelowTheSpeechWithoutItsPauses(t *testing.T) {
	for _, snr := range []float64{20, 10, 0} {
		d := distorter{Condition: Condition{Noise: "white", SNR: snr}}
		c, err := d.apply(1, Item{}, tone(440))
		if err != nil {
			t.Fatal(err)
		}
		silence := c.PCM[clip.Rate+clip.Rate/10:]
		got := 10 * math.Log10(power(tone(440).PCM[:clip.Rate])/power(silence))
		if math.Abs(got-snr) > 0.5 {
			t.Errorf("%g dB asked, %.1f dB made", snr, got)
		}
	}
}

func TestPhoneEndsBelowFourKilohertz(t *testing.T) {
	d := distorter{Condition: Condition{Band: "phone"}}
	for hz, keeps := range map[float64]bool{1000: true, 6000: false} {
		c, err := d.apply(0, Item{}, tone(hz))
		if err != nil {
			t.Fatal(err)
		}
		left := power(c.PCM[:clip.Rate]) / power(tone(hz).PCM[:clip.Rate])
		if kept := left > 0.8; kept != keeps || !kept && left > 0.01 {
			t.Errorf("%g Hz: %.3f of the power is left", hz, left)
		}
	}
}

func TestBabbleIsNeverTheSpeakersOwnVoice(t *testing.T) {
	d := distorter{Condition: Condition{Noise: "babble", SNR: 0}, babble: []voice{{"a", tone(300).PCM}, {"b", make([]int16, clip.Rate)}}}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, x := range d.crowd(Item{Speaker: "a"}, 1000, rng) {
		if x != 0 {
			t.Fatal("speaker a was mixed into a")
		}
	}
	if c := d.crowd(Item{Speaker: "b"}, 1000, rng); c[10] == 0 && c[11] == 0 {
		t.Error("speaker b hears nobody")
	}
}

// marker zeroes what is lost and counts.
type marker struct{ good, lost, bursts, run int }

func (m *marker) Good([]int16) { m.good, m.run = m.good+1, 0 }
func (m *marker) Lost(pcm []int16) {
	if m.run == 0 {
		m.bursts++
	}
	m.lost, m.run = m.lost+1, m.run+1
	clear(pcm)
}

func TestLossComesInBurstsAtItsRate(t *testing.T) {
	m := &marker{}
	d := distorter{Condition: Condition{Loss: 5}, conceal: func(int) Concealer { return m }}
	for i := range 400 {
		if _, err := d.apply(i, Item{}, tone(440)); err != nil {
			t.Fatal(err)
		}
	}
	share, length := float64(m.lost)/float64(m.lost+m.good), float64(m.lost)/float64(m.bursts)
	if math.Abs(share-0.05) > 0.01 || math.Abs(length-burst) > 0.5 {
		t.Errorf("%.3f lost in bursts of %.1f", share, length)
	}
}

func TestConditionsThatCannotBeMade(t *testing.T) {
	for _, c := range []Condition{
		{Band: "radio"}, {Noise: "pink"}, {Noise: "white", SNR: math.NaN()}, {SNR: 99}, {Loss: -1}, {Loss: 51}, {Loss: math.NaN()},
	} {
		if err := c.Validate(); !errors.Is(err, ErrCondition) {
			t.Errorf("%v: %v", c, err)
		}
	}
	for _, c := range Matrix() {
		if err := c.Validate(); err != nil {
			t.Error(err)
		}
	}
	if _, err := newDistorter(nil, Options{Condition: Condition{Loss: 3}}); !errors.Is(err, ErrCondition) {
		t.Errorf("loss without concealment: %v", err)
	}
}
