package bench

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/voice"
)

// fixed understands every utterance as one text.
type fixed struct {
	sure
	text       string
	confidence float32
}

func (f fixed) NewStream(context.Context) (asr.Stream, error) { return f, nil }
func (f fixed) Finish() (asr.Transcript, error) {
	return asr.Transcript{Text: f.text, Confidence: f.confidence}, nil
}

func lineConfig(ear asr.Recognizer, profile string) LineConfig {
	p, err := ProfileNamed(profile)
	if err != nil {
		panic(err)
	}
	c := LineConfig{Recognizer: ear, NewVAD: func() (voice.ClosingVAD, error) { return &level{}, nil }, Profile: p}
	for range 20 {
		c.Recordings = append(c.Recordings, Recording{PCM: tone(time.Second), Text: "我的快递到哪了"})
	}
	return c
}

func TestWhatIsUnderstoodOverALineIsCounted(t *testing.T) {
	for _, c := range []struct {
		name            string
		ear             asr.Recognizer
		cer             float64
		again, invented float64
	}{
		{"all of it", fixed{text: "我的快递到哪了", confidence: 0.9}, 0, 0, 0},
		{"two characters of seven are wrong", fixed{text: "我的快递到了吗", confidence: 0.9}, 2.0 / 7, 0, 0},
		{"made up", fixed{text: "再见", confidence: 0.9}, 1, 0, 1},
		{"mumbling", fixed{text: "再见", confidence: 0.1}, 1, 1, 0},
		{"nothing", fixed{}, 1, 1, 0},
	} {
		rep, err := RunLine(t.Context(), lineConfig(c.ear, "clean"))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(rep.CER-c.cer) > 1e-9 || rep.Again != c.again || rep.Invented != c.invented || rep.N != 20 || rep.Chars != 140 || rep.Pieces != 1 {
			t.Errorf("%s: %+v", c.name, rep)
		}
		if rep.Loss != 0 || rep.MOS < 4.2 {
			t.Errorf("%s: a clean line with %.3f loss and MOS %.2f", c.name, rep.Loss, rep.MOS)
		}
	}
}

func TestALineLosesWhatItsProfileSays(t *testing.T) {
	ear := fixed{text: "好", confidence: 1}
	for name, want := range map[string][2]float64{"P1": {0, 0.02}, "P2": {0.003, 0.04}, "P3": {0.01, 0.06}, "P4": {0.04, 0.13}} {
		a, err := RunLine(t.Context(), lineConfig(ear, name))
		if err != nil {
			t.Fatal(err)
		}
		if a.Loss < want[0] || a.Loss > want[1] {
			t.Errorf("%s: %.3f of the packets could not be played", name, a.Loss)
		}
		b, err := RunLine(t.Context(), lineConfig(ear, name))
		if err != nil || a != b {
			t.Errorf("%s: two runs differ: %+v, %+v, %v", name, a, b, err)
		}
	}
}

func TestBabbleLiesAsFarBelowTheSpeechAsAsked(t *testing.T) {
	c := lineConfig(nil, "clean")
	c.Quieter, c.Babble = 6, 10
	pcm := c.sound(0, rand.New(rand.NewPCG(1, 2)))
	speech := audio.Level(tone(time.Second)) - 6
	if got := audio.Level(pcm[:lineLead*8]); math.Abs(got-(speech-10)) > 1.5 {
		t.Errorf("babble at %.1f dBFS, speech at %.1f", got, speech)
	}
}

func TestALineNeedsRecordingsAndAProfile(t *testing.T) {
	if _, err := RunLine(t.Context(), LineConfig{}); !errors.Is(err, ErrRecordings) {
		t.Error(err)
	}
	if _, err := ProfileNamed("P9"); err == nil {
		t.Error("a profile that is not there")
	}
}
