package wagglevoice

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"waggle/models/onnx"
	"waggle/tts/prosody"
)

// The units that are no sound.
const (
	silence    = "sil"
	shortPause = "sp"
)

// Frames describes the sound of one phrase, one row per hop.
type Frames struct {
	// Mel is the log power envelope, [T, Mels] in row-major order.
	Mel []float32
	// F0 is in Hz, also where nothing is voiced; Voiced is 0 or 1. Both [T].
	F0, Voiced []float32
	// Lead and Trail count the silent frames at either end.
	Lead, Trail int
}

// Len is the number of frames.
func (f Frames) Len() int { return len(f.F0) }

// units is the input of the acoustic graph, one entry per sound unit.
type units struct {
	phones, tones, places []int64
	stretch, shift        []float32
}

func (u *units) add(phone, tone, place int64, stretch, shift float32) {
	u.phones = append(u.phones, phone)
	u.tones = append(u.tones, tone)
	u.places = append(u.places, place)
	u.stretch = append(u.stretch, stretch)
	u.shift = append(u.shift, shift)
}

// layout writes a phrase as sound units between two silences. slow is the
// length of everything relative to normal.
func (v *Voice) layout(p prosody.Phrase, slow float32) (units, error) {
	var u units
	u.add(v.ids[silence], 0, 0, 1/slow, 0)
	for i, s := range p.Syllables {
		place := v.places[s.Place]
		if s.Initial != "" {
			id, ok := v.ids[s.Initial]
			if !ok {
				return u, fmt.Errorf("wagglevoice: the voice lacks the initial %q of %s", s.Initial, s.Hanzi)
			}
			u.add(id, 0, place, consonant(s.Stretch), s.Shift)
		}
		id, ok := v.ids[s.Final]
		if !ok {
			return u, fmt.Errorf("wagglevoice: the voice lacks the final %q of %s", s.Final, s.Hanzi)
		}
		u.add(id, int64(s.Tone), place, s.Stretch, s.Shift)
		if s.Pause > 0 && i+1 < len(p.Syllables) {
			u.add(v.ids[shortPause], 0, 0, v.frames(s.Pause)/v.spFrames, s.Shift)
		}
	}
	u.add(v.ids[silence], 0, 0, 1/slow, 0)
	return u, nil
}

// consonant is the stretch of an initial: in quick speech consonants shrink
// less than vowels.
func consonant(stretch float32) float32 {
	return float32(math.Pow(float64(stretch), 0.75))
}

// frames is a length of time in frames.
func (v *Voice) frames(d time.Duration) float32 {
	return float32(d.Seconds()) * float32(v.Rate) / float32(v.Hop)
}

// Frames runs the acoustic graph over a phrase as said by one of Names. speed
// 1 is normal, 2 twice as fast. Errors: ErrSpeaker, ErrModel, a sound that the
// voice lacks, or what the runtime says.
func (v *Voice) Frames(p prosody.Phrase, name string, speed float32) (Frames, error) {
	speaker := slices.Index(v.names, name)
	if speaker < 0 {
		return Frames{}, fmt.Errorf("%w: %q; there is %s", ErrSpeaker, name, strings.Join(v.names, ", "))
	}
	u, err := v.layout(p, 1/speed)
	if err != nil {
		return Frames{}, err
	}
	in, err := u.tensors(1/speed, int64(speaker))
	defer closeAll(in)
	if err != nil {
		return Frames{}, err
	}
	out := make([]onnx.Value, 4)
	defer closeAll(out)
	if err := v.acoustic.Run(in, out); err != nil {
		return Frames{}, err
	}
	return v.collect(out)
}

func (u units) tensors(rate float32, speaker int64) ([]onnx.Value, error) {
	n := int64(len(u.phones))
	phones, err1 := tensor(u.phones, 1, n)
	tones, err2 := tensor(u.tones, 1, n)
	places, err3 := tensor(u.places, 1, n)
	rates, err4 := tensor([]float32{rate}, 1)
	stretch, err5 := tensor(u.stretch, 1, n)
	shift, err6 := tensor(u.shift, 1, n)
	speakers, err7 := tensor([]int64{speaker}, 1)
	return []onnx.Value{phones, tones, places, rates, stretch, shift, speakers}, errors.Join(err1, err2, err3, err4, err5, err6, err7)
}

// tensor copies data into a new tensor. The result is an untyped nil when it
// could not be made, so that closeAll passes over it.
func tensor[T onnx.Element](data []T, dims ...int64) (onnx.Value, error) {
	t, err := onnx.New[T](dims...)
	if err != nil {
		return nil, err
	}
	copy(t.Data(), data)
	return t, nil
}

func closeAll(values []onnx.Value) {
	for _, v := range values {
		if v != nil {
			_ = v.Destroy() // frees memory of the runtime; there is nothing to do if it complains
		}
	}
}

// collect copies the outputs, which belong to the runtime, and checks them.
func (v *Voice) collect(out []onnx.Value) (Frames, error) {
	mel, err1 := onnx.As[float32](out[0])
	f0, err2 := onnx.As[float32](out[1])
	voiced, err3 := onnx.As[float32](out[2])
	durations, err4 := onnx.As[int64](out[3])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return Frames{}, err
	}
	n := len(f0.Data())
	d := durations.Data()
	if n == 0 || len(mel.Data()) != n*v.Mels || len(voiced.Data()) != n || len(d) < 2 {
		return Frames{}, fmt.Errorf("%w: %d envelope values and %d voicings for %d frames", ErrModel, len(mel.Data()), len(voiced.Data()), n)
	}
	return Frames{
		Mel:    append([]float32(nil), mel.Data()...),
		F0:     append([]float32(nil), f0.Data()...),
		Voiced: append([]float32(nil), voiced.Data()...),
		Lead:   min(int(d[0]), n), Trail: min(int(d[len(d)-1]), n),
	}, nil
}

// Trim drops frames from both ends; what is silent there need not be
// synthesised.
func (f Frames) Trim(lead, trail int) Frames {
	n := f.Len()
	lead = min(max(lead, 0), n)
	end := max(n-max(trail, 0), lead)
	mels := len(f.Mel) / max(n, 1)
	return Frames{
		Mel: f.Mel[lead*mels : end*mels], F0: f.F0[lead:end], Voiced: f.Voiced[lead:end],
		Lead: max(f.Lead-lead, 0), Trail: max(f.Trail-(n-end), 0),
	}
}
