package tts

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts/ssml"
)

// request is one call that a recorder was given.
type request struct {
	text  Text
	voice Voice
}

// recorder is a synthesizer of two voices that says every text in one loud
// frame.
type recorder struct{ asked []request }

func (r *recorder) Voices() []string { return []string{"tan", "wu"} }

func (r *recorder) Speak(_ context.Context, text Text, v Voice, emit func(audio.Frame) error) error {
	if err := Validate(text, v); err != nil {
		return err
	}
	r.asked = append(r.asked, request{text, v})
	frame := audio.Frame{PCM: make([]int16, v.Rate/framesPerSecond), Rate: v.Rate}
	for i := range frame.PCM {
		frame.PCM[i] = 10000
	}
	return emit(frame)
}

func TestSSMLSpeaksThePartsInTheirStyles(t *testing.T) {
	r := &recorder{}
	document := Text(`<speak>您好<break time="200ms"/><voice name="wu"><prosody rate="fast" pitch="-3st" volume="-6dB">再见</prosody></voice></speak>`)
	var frames []audio.Frame
	err := SSML(r).Speak(t.Context(), document, Voice{Rate: 8000, Speed: 1.2}, func(f audio.Frame) error {
		frames = append(frames, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []request{{"您好", Voice{Rate: 8000, Speed: 1.2}}, {"再见", Voice{Name: "wu", Rate: 8000, Speed: 1.5, Pitch: -3}}}
	if !slices.Equal(r.asked, want) {
		t.Errorf("asked for %+v, want %+v", r.asked, want)
	}
	silent := int((200*time.Millisecond - ending) / (20 * time.Millisecond))
	if len(frames) != 2+silent {
		t.Fatalf("%d frames, want %d", len(frames), 2+silent)
	}
	for i, f := range frames {
		loud := map[int]int16{0: 10000, len(frames) - 1: 5012}[i]
		if f.TS != time.Duration(i)*20*time.Millisecond || f.PCM[0] != loud || len(f.PCM) != 160 {
			t.Errorf("frame %d: at %v, %d, want %d", i, f.TS, f.PCM[0], loud)
		}
	}
}

func TestSSMLRefusesBeforeTheFirstSound(t *testing.T) {
	cases := []struct {
		name, document string
		want           error
	}{
		{"plain text", "您好", ssml.ErrMarkup},
		{"unknown element at the end", `<speak>您好<audio/></speak>`, ssml.ErrMarkup},
		{"unknown voice at the end", `<speak>您好<voice name="x">好</voice></speak>`, ErrUnknownVoice},
		{"phonemes for a voice without", `<speak>好<phoneme alphabet="py" ph="hao3">好</phoneme></speak>`, ssml.ErrMarkup},
		{"only silence", `<speak><break time="1s"/>！</speak>`, ErrNothingToSay},
	}
	for _, c := range cases {
		err := SSML(&recorder{}).Speak(t.Context(), Text(c.document), Voice{Rate: 8000}, func(audio.Frame) error {
			t.Errorf("%s: something was heard", c.name)
			return nil
		})
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestSSMLStopsWithItsReceiver(t *testing.T) {
	gone := errors.New("line is gone")
	heard := 0
	err := SSML(&recorder{}).Speak(t.Context(), `<speak>好<break time="10s"/>好</speak>`, Voice{Rate: 8000}, func(audio.Frame) error {
		if heard++; heard == 5 {
			return gone
		}
		return nil
	})
	if !errors.Is(err, gone) || heard != 5 {
		t.Errorf("%d frames, then %v", heard, err)
	}
}

// The engine takes what the markup makes: spelled syllables and pitch.
func TestEngineSpeaksMarkup(t *testing.T) {
	e := fixture(t, Options{CacheBytes: -1})
	spell, err := mandarin.Spell("chong2 xin1")
	if err != nil {
		t.Fatal(err)
	}
	v := Voice{Rate: 16000}
	plain := collect(t, e, Text(spell+"发货"), v)
	document := Text(`<speak><phoneme alphabet="x-pinyin" ph="chong2 xin1">重新</phoneme>发货</speak>`)
	var marked []int16
	if err := SSML(e).Speak(t.Context(), document, v, func(f audio.Frame) error {
		marked = append(marked, f.PCM...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(plain, marked) {
		t.Error("the phoneme element sounds unlike its syllables")
	}
	v.Pitch = 6
	if slices.Equal(plain, collect(t, e, Text(spell+"发货"), v)) {
		t.Error("pitch changes nothing")
	}
}

// What shoppers write is plain text, whatever it looks like.
func TestPlainTextIsNeverMarkup(t *testing.T) {
	e := fixture(t, Options{CacheBytes: -1})
	v := Voice{Rate: 8000}
	long := collect(t, e, `<speak>您好<break time="9s"/>再见</speak>`, v)
	short := collect(t, e, `<speak>您好<break time="3s"/>再见</speak>`, v)
	if len(long)-len(short) > 8000 {
		t.Errorf("%d and %d samples: the break was obeyed", len(long), len(short))
	}
}
