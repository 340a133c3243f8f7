// Package wagglevoice runs voices of the waggle_tts family: an acoustic graph
// that turns the units of a phrase into spectral envelope and pitch, and a
// source-filter vocoder that turns those into sound, block by block. It may
// import models/onnx and tts/prosody.
package wagglevoice

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waggle/models/onnx"
	"waggle/tts/prosody"
)

// ErrModel says that a graph is not one of this family.
var ErrModel = errors.New("wagglevoice: not a voice of the waggle_tts family")

// ErrSpeaker says that a pair of graphs does not know a speaker.
var ErrSpeaker = errors.New("wagglevoice: no such speaker")

// Voice is a loaded pair of graphs that speaks as one or more people. It may
// be used by many goroutines at once.
type Voice struct {
	acoustic, vocoder *onnx.Session
	names             []string         // speaker id -> name
	ids               map[string]int64 // unit -> id
	places            [4]int64         // prosody.Place -> id
	// Rate is the sample rate in Hz, Hop the samples per frame, Mels the
	// bands of the envelope.
	Rate, Hop, Mels int
	spFrames        float32 // frames of a short pause before stretching
	context         int     // frames that the vocoder needs on each side
}

// Open loads and checks the two graphs. threads is per run.
func Open(acoustic, vocoder []byte, threads int) (*Voice, error) {
	a, err := onnx.Open("tts acoustic", acoustic, onnx.Options{Threads: threads})
	if err != nil {
		return nil, err
	}
	w, err := onnx.Open("tts vocoder", vocoder, onnx.Options{Threads: threads})
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	v := &Voice{acoustic: a, vocoder: w}
	if err := v.read(); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrModel, err), v.Close())
	}
	return v, nil
}

// Close frees both graphs. No phrase may be in the making.
func (v *Voice) Close() error { return errors.Join(v.acoustic.Close(), v.vocoder.Close()) }

// Names lists the people the voice speaks as, the default first.
func (v *Voice) Names() []string { return slices.Clone(v.names) }

// read takes over what the metadata say and checks that the graphs fit.
func (v *Voice) read() error {
	if err := errors.Join(
		ports("acoustic", v.acoustic.Inputs(), "phones tones position rate duration_scale f0_shift speaker"),
		ports("acoustic", v.acoustic.Outputs(), "mel f0 voiced durations"),
		ports("vocoder", v.vocoder.Inputs(), "mel f0 voiced noise phase"),
		ports("vocoder", v.vocoder.Outputs(), "audio phase_next"),
	); err != nil {
		return err
	}
	a, w := meta{v.acoustic.Meta(), nil}, meta{v.vocoder.Meta(), nil}
	a.is("model_type", "waggle_tts_acoustic")
	w.is("model_type", "waggle_vocoder")
	v.Rate, v.Hop, v.Mels = a.number("sample_rate", 8000, 48000), a.number("hop", 1, 4096), a.number("n_mels", 1, 512)
	w.is("sample_rate", strconv.Itoa(v.Rate))
	w.is("hop", strconv.Itoa(v.Hop))
	w.is("n_mels", strconv.Itoa(v.Mels))
	v.spFrames = float32(a.number("sp_frames", 1, 200))
	v.context = w.number("context", 0, 200)
	v.ids = index(a.props["phones"])
	v.names = strings.Fields(a.props["voices"])
	if len(v.names) == 0 {
		return errors.New("the acoustic graph names no voices")
	}
	return errors.Join(a.err, w.err, v.units(), v.placeIDs(a.props["positions"]))
}

// ports checks the names of a graph's inputs or outputs, which are bound by
// position.
func ports(graph string, have []onnx.Port, want string) error {
	names := make([]string, len(have))
	for i, p := range have {
		names[i] = p.Name
	}
	if got := strings.Join(names, " "); got != want {
		return fmt.Errorf("the %s graph has the ports %q, want %q", graph, got, want)
	}
	return nil
}

func index(list string) map[string]int64 {
	out := map[string]int64{}
	for i, name := range strings.Fields(list) {
		out[name] = int64(i)
	}
	return out
}

// units checks that the voice has the silences it needs.
func (v *Voice) units() error {
	for _, unit := range []string{silence, shortPause} {
		if _, ok := v.ids[unit]; !ok {
			return fmt.Errorf("the acoustic graph knows no %q", unit)
		}
	}
	return nil
}

func (v *Voice) placeIDs(list string) error {
	known := index(list)
	for place, name := range map[prosody.Place]string{
		prosody.Inner: "inner", prosody.First: "first", prosody.Last: "last", prosody.Only: "only",
	} {
		id, ok := known[name]
		if !ok {
			return fmt.Errorf("the acoustic graph knows no position %q", name)
		}
		v.places[place] = id
	}
	return nil
}

// meta reads metadata and keeps the first complaint.
type meta struct {
	props map[string]string
	err   error
}

func (m *meta) is(key, want string) {
	if got := m.props[key]; got != want && m.err == nil {
		m.err = fmt.Errorf("metadata %s is %q, want %q", key, got, want)
	}
}

func (m *meta) number(key string, low, high int) int {
	n, err := strconv.Atoi(m.props[key])
	if (err != nil || n < low || n > high) && m.err == nil {
		m.err = fmt.Errorf("metadata %s is %q, want a number from %d to %d", key, m.props[key], low, high)
	}
	return n
}
