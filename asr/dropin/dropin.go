// Package dropin opens speech models that users already have: it tells from a
// folder's files, their metadata_props and the number of their inputs and
// outputs which family they are of, and hands them to that family's loader. It
// sits above asr and the families, and nothing of them knows it.
package dropin

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"waggle/asr"
	"waggle/asr/hotwords"
	"waggle/asr/modeldir"
)

// ErrFamily says that the files are of no family that can be opened.
var ErrFamily = errors.New("the model is of no family that Waggle knows")

// Options of Open. The zero value suits Mandarin on this machine.
type Options struct {
	// Streams is how many streams are admitted at once; 0 means four for each
	// core in use, or for models that take whole utterances what their speed
	// allows.
	Streams int
	// Language is told to models that ask for one; "" means zh.
	Language string
	// Precision says which of two forms of a graph is taken; "" means
	// modeldir.Int8: the smaller one where there is one, the full one where not.
	Precision modeldir.Precision
	// Paths is how many readings a beam search keeps; 0 takes the family's
	// default, 1 is greedy search (without hotwords).
	Paths int
	// Hotwords are raised in every utterance by families that can, beside those
	// of a hotwords.txt in the model's folder (see hotwords.Read).
	Hotwords []hotwords.Hotword
	// ITN lets models that can (SenseVoice) write numbers and punctuation
	// themselves; off, asr/itn writes them as it does for every other model.
	ITN bool
	// Punctuate is applied to the text of models that take whole utterances
	// and write no punctuation, such as punct.Model's; may be nil.
	Punctuate func(string) (string, error)
}

// streamsPerCore is a guess that suits models of 20 to 80 MB; `waggle bench
// asr` measures the model at hand.
const streamsPerCore = 4

func (o Options) orDefault() Options {
	if o.Language == "" {
		o.Language = "zh"
	}
	if o.Precision == "" {
		o.Precision = modeldir.Int8
	}
	return o
}

// streams is how many a streaming model admits.
func (o Options) streams() int {
	if o.Streams > 0 {
		return o.Streams
	}
	return streamsPerCore * runtime.GOMAXPROCS(0)
}

// Recognizer is an opened model. Its streams implement asr.Utterances.
type Recognizer interface {
	asr.Recognizer
	// Load is how many streams are heard and how many can be.
	Load() (used, size int)
	// Close frees the model; all streams must be closed before.
	Close() error
}

// family is a kind of model: what its folder looks like and who opens it.
type family struct {
	name  string
	roles []modeldir.Role // exactly these graphs
	// claims looks at the graph of the first role.
	claims func(*modeldir.Graph) bool
	open   func(context.Context, *modeldir.Dir, Options) (Recognizer, error)
}

// Open opens the model at path, a folder as users unpack it or one .onnx file
// with tokens.txt beside it. Errors: ErrFamily, modeldir.ErrFiles,
// modeldir.ErrMetadata, tokens.ErrTokens, hotwords.ErrList, those of the family, or those of the
// runtime.
func Open(ctx context.Context, path string, o Options) (Recognizer, error) {
	o = o.orDefault()
	dir, err := modeldir.Open(path, o.Precision)
	if err != nil {
		return nil, err
	}
	f, err := detect(dir)
	if err != nil {
		return nil, err
	}
	if err := o.addHotwords(dir); err != nil {
		return nil, err
	}
	r, err := f.open(ctx, dir, o)
	if err != nil {
		return nil, fmt.Errorf("%s as %s: %w", path, f.name, err)
	}
	return r, nil
}

// addHotwords reads those that lie beside the model.
func (o *Options) addHotwords(dir *modeldir.Dir) error {
	const name = "hotwords.txt"
	text, err := dir.Text(name)
	if err != nil {
		return err
	}
	list, err := hotwords.Read(text)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir.Path, name), err)
	}
	o.Hotwords = append(list, o.Hotwords...)
	return nil
}

// detect finds the first family that claims the files.
func detect(dir *modeldir.Dir) (family, error) {
	var seen *modeldir.Graph
	for _, f := range families() {
		if !dir.Has(f.roles...) {
			continue
		}
		g, err := dir.Graph(f.roles[0])
		if err != nil {
			return family{}, err
		}
		if f.claims(g) {
			return f, nil
		}
		seen = g
	}
	return family{}, unknown(dir, seen)
}

// unknown says what was found and what would be understood.
func unknown(dir *modeldir.Dir, g *modeldir.Graph) error {
	var names []string
	for _, f := range families() {
		names = append(names, f.name)
	}
	about := "files: " + strings.Join(dir.Roles(), ", ")
	if g != nil {
		about += fmt.Sprintf("; %s has model_type %q, %d inputs, %d outputs", g.Path, g.Meta["model_type"], len(g.Inputs), len(g.Outputs))
	}
	return fmt.Errorf("%w: %s; known: %s", ErrFamily, about, strings.Join(names, ", "))
}
