// Package dropin opens voices that users already have: it tells from a folder's
// files, a graph's metadata_props and the number and types of its inputs which
// family they are of, and puts the front end of that family before it. It sits
// above tts and the families, and nothing of them knows it.
package dropin

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"waggle/audio"
	"waggle/models/onnx"
	"waggle/tts"
	"waggle/tts/kokoro"
	"waggle/tts/lexicon"
	"waggle/tts/matcha"
	"waggle/tts/vits"
	"waggle/tts/voicegraph"
)

// ErrFamily says that a graph is of no family that can be opened.
var ErrFamily = errors.New("the graph is of no voice that Waggle knows")

// Options of Open. The zero value is good.
type Options struct {
	// Threads that one run of the graph may use; 0 means 1. More make a large
	// voice answer sooner and let fewer calls speak.
	Threads int
	// Concurrent is how many runs may be in progress at once; 0 means one per
	// processor.
	Concurrent int
	// CacheBytes bounds the memory for prompts that were asked for more than
	// once; 0 means tts.DefaultCacheBytes, negative means no cache.
	CacheBytes int
	// Vocoder is the vocoder of a Matcha voice; "" means the one in its folder
	// or beside it that has its sample rate.
	Vocoder string
}

// Synth is an opened voice.
type Synth interface {
	tts.Synthesizer
	// Voices lists the names that Voice.Name may have; a number counts from 0.
	Voices() []string
	// SampleRate is that of the graph; Speak makes 8,000 or 16,000 Hz of it.
	SampleRate() int
	// Skipped is how many characters and phonemes the voice had no sound for.
	Skipped() uint64
	// Warm and Stats are those of tts.Prompts.
	Warm(ctx context.Context, texts []tts.Text, w tts.Voice) (int, error)
	Stats() tts.Stats
	// Close frees the graphs. No Speak may be in progress.
	Close() error
}

// speaker is a loaded graph of any family.
type speaker interface {
	Say(ids, tones []int64, speaker int, speed float32) ([]float32, error)
	Close() error
}

// Open opens the voice at path, a folder as users unpack it or one .onnx file
// with tokens.txt beside it. Errors: ErrFiles, ErrFamily, voicegraph.ErrModel,
// kokoro.ErrVoices, lexicon.ErrTokens, lexicon.ErrLexicon, lexicon.ErrEspeak,
// or those of the runtime.
func Open(ctx context.Context, path string, o Options) (Synth, error) {
	f, err := look(path)
	if err != nil {
		return nil, err
	}
	s, err := session(f.graph, o.Threads)
	if err != nil {
		return nil, err
	}
	v, err := f.open(ctx, s, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.graph, err)
	}
	if err := v.prepare(o); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// open finds the family of a session and takes it over.
func (f *files) open(ctx context.Context, s *onnx.Session, o Options) (*voice, error) {
	v := &voice{}
	var err error
	switch family(s) {
	case "kokoro":
		err = f.openKokoro(ctx, v, s)
	case "matcha":
		err = f.openMatcha(ctx, v, s, o)
	case "vits":
		err = f.openVITS(ctx, v, s)
	default:
		err = fmt.Errorf("%w: model_type %q, inputs %s; known are VITS (piper, coqui, icefall, MeloTTS), Matcha and Kokoro",
			ErrFamily, s.Meta()["model_type"], voicegraph.Describe(s.Inputs()))
	}
	if err != nil && v.model == nil {
		return nil, errors.Join(err, s.Close())
	}
	if err != nil {
		return nil, errors.Join(err, v.model.Close())
	}
	return v, nil
}

// family judges by model_type where there is one, else by the inputs.
func family(s *onnx.Session) string {
	const i, f = onnx.Int64, onnx.Float32
	in := s.Inputs()
	switch s.Meta()["model_type"] {
	case "kokoro":
		return "kokoro"
	case "matcha-tts":
		return "matcha"
	case "vits", "melo-vits":
		return "vits"
	}
	switch {
	case voicegraph.Match(in, i, f, f):
		return "kokoro"
	case voicegraph.Match(in, i, i, f, f), voicegraph.Match(in, i, i, f, f, i):
		return "matcha"
	case len(in) >= 3 && in[0].Type == i && in[1].Type == i:
		return "vits"
	}
	return ""
}

func (f *files) openVITS(ctx context.Context, v *voice, s *onnx.Session) error {
	tokens, config, names, err := f.describe(s)
	if err != nil {
		return err
	}
	m, err := vits.New(s, config)
	if err != nil {
		return err
	}
	v.model, v.rate, v.names = m, m.Rate, names
	if names == nil {
		v.names = numbers(m.Speakers)
	}
	v.front, err = f.vitsFront(ctx, m, tokens)
	return err
}

// describe reads what a VITS voice says of itself: metadata and tokens.txt, or
// piper's own file where there is no tokens.txt.
func (f *files) describe(s *onnx.Session) (lexicon.Tokens, vits.Config, []string, error) {
	piper, err := f.piper()
	if err != nil {
		return lexicon.Tokens{}, vits.Config{}, nil, err
	}
	if _, absent := sizeOf(f.sibling("tokens.txt")); piper == nil || absent == nil {
		tokens, err1 := f.tokens()
		config, err2 := vits.ParseConfig(s.Meta())
		return tokens, config, nil, errors.Join(err1, err2)
	}
	tokens, err1 := piper.tokens()
	config, err2 := piper.config()
	return tokens, config, piper.names(config.Speakers), errors.Join(err1, err2)
}

func (f *files) openMatcha(ctx context.Context, v *voice, s *onnx.Session, o Options) error {
	tokens, err := f.tokens()
	if err != nil {
		return err
	}
	m, err := matcha.New(s)
	if err != nil {
		return err
	}
	v.model, v.rate, v.names = m, m.Rate, numbers(m.Speakers)
	if m.NeedsVocoder() {
		if err := f.vocoder(m, o); err != nil {
			return err
		}
	}
	v.front, err = f.matchaFront(ctx, m, tokens)
	return err
}

// vocoder gives a Matcha voice the first vocoder that fits it.
func (f *files) vocoder(m *matcha.Model, o Options) error {
	candidates := f.vocoders
	if o.Vocoder != "" {
		candidates = []string{o.Vocoder}
	}
	var failed error
	for _, path := range candidates {
		s, err := session(path, o.Threads)
		if err == nil {
			var vocoder *matcha.Vocoder
			if vocoder, err = matcha.NewVocoder(s); err == nil {
				err = m.SetVocoder(vocoder)
			}
			if err == nil {
				return nil
			}
			err = errors.Join(err, s.Close())
		}
		failed = errors.Join(failed, fmt.Errorf("%s: %w", path, err))
	}
	return errors.Join(fmt.Errorf("%w: this Matcha voice needs a vocoder for %d Hz (vocos*.onnx or hifigan*.onnx) in its folder or beside it", ErrFiles, m.Rate), failed)
}

func (f *files) openKokoro(ctx context.Context, v *voice, s *onnx.Session) error {
	tokens, err := f.tokens()
	if err != nil {
		return err
	}
	c, err := kokoro.ParseConfig(s.Meta())
	if err != nil {
		return err
	}
	styles := f.sibling("voices.bin")
	size, err := sizeOf(styles)
	if err != nil {
		return err
	}
	if err := c.CheckVoices(size); err != nil {
		return err
	}
	data, err := read(styles, kokoro.MaxVoicesFile)
	if err != nil {
		return err
	}
	m, err := kokoro.New(s, data)
	if err != nil {
		return err
	}
	v.model, v.rate, v.names = m, m.Rate, m.Names
	if v.names == nil {
		v.names = numbers(m.Speakers)
	}
	v.front, err = f.kokoroFront(ctx, m, tokens)
	return err
}

// prepare designs the filters to the rates of calls and sets the bounds.
func (v *voice) prepare(o Options) error {
	v.resamplers = map[int]*audio.Resampler{}
	for _, rate := range []int{8000, 16000} {
		r, err := audio.NewResampler(v.rate, rate)
		if err != nil {
			return err
		}
		v.resamplers[rate] = r
	}
	if o.Concurrent <= 0 {
		o.Concurrent = runtime.GOMAXPROCS(0)
	}
	v.seats = make(chan struct{}, o.Concurrent)
	v.cached = tts.Cached(making{v}, o.CacheBytes)
	return nil
}
