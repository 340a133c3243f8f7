// Package eval measures a recogniser on a labelled set: character error rate
// with a bootstrap interval, syllable error rate, real-time factor and
// calibration, by group of speakers and under telephone conditions. It may
// import asr, audio, audio/clip and mandarin.
package eval

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"waggle/asr"
	"waggle/audio/clip"
)

// Detail is how one recording was heard.
type Detail struct {
	Item
	Heard      string
	Spoken     string // before inverse text normalisation
	Confidence float32
	Evidence   asr.Evidence
	Chars      int // of the label, normalised
	Errors     int // insertions, deletions and substitutions of characters
	Syllables  int
	SylErrors  int
	Audio      time.Duration
	Wall       time.Duration
}

// Options of a Run; the zero value hears the recordings as they are.
type Options struct {
	// Root is the folder that relative paths start from.
	Root string
	// Condition is what is done to each recording first.
	Condition Condition
	// Conceal makes what hides lost packets at a sample rate in Hz; needed
	// where the condition has loss.
	Conceal func(rate int) Concealer
	// Hints is what the recogniser is told to expect; nil for nothing.
	Hints func(Item) asr.Hints
	// Note is told of every recording; nil for nobody.
	Note func(Detail) error
}

// crowdPool is how many recordings of the set lend their voices to babble.
const crowdPool = 40

// Run transcribes every item in order. Errors: ErrCondition, those of reading
// a recording and of the recogniser.
func Run(ctx context.Context, t asr.Transcriber, items []Item, o Options) (Report, error) {
	d, err := newDistorter(items, o)
	if err != nil {
		return Report{}, err
	}
	details := make([]Detail, 0, len(items))
	for i, item := range items {
		detail, err := one(ctx, t, o, d, i, item)
		if err != nil {
			return Report{}, err
		}
		if o.Note != nil {
			if err := o.Note(detail); err != nil {
				return Report{}, err
			}
		}
		details = append(details, detail)
	}
	report := sum(details)
	report.Condition = o.Condition
	return report, nil
}

func newDistorter(items []Item, o Options) (*distorter, error) {
	if err := o.Condition.Validate(); err != nil {
		return nil, err
	}
	if o.Condition.Loss > 0 && o.Conceal == nil {
		return nil, fmt.Errorf("%w: nothing to hide the loss with", ErrCondition)
	}
	d := &distorter{Condition: o.Condition, conceal: o.Conceal}
	if o.Condition.Noise != "babble" {
		return d, nil
	}
	for i := range min(crowdPool, len(items)) {
		item := items[i*len(items)/min(crowdPool, len(items))]
		c, err := open(o.Root, item)
		if err != nil {
			return nil, err
		}
		if len(c.PCM) > 0 {
			d.babble = append(d.babble, voice{item.Speaker, c.PCM})
		}
	}
	return d, nil
}

func open(root string, item Item) (clip.Clip, error) {
	path := item.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	return clip.Open(path, clip.Longest)
}

func one(ctx context.Context, t asr.Transcriber, o Options, d *distorter, i int, item Item) (Detail, error) {
	c, err := open(o.Root, item)
	if err != nil {
		return Detail{}, err
	}
	if c, err = d.apply(i, item, c); err != nil {
		return Detail{}, fmt.Errorf("%s: %w", item.Path, err)
	}
	var hints asr.Hints
	if o.Hints != nil {
		hints = o.Hints(item)
	}
	begin := time.Now()
	heard, err := t.Transcribe(ctx, c, hints)
	if err != nil {
		return Detail{}, fmt.Errorf("%s: %w", item.Path, err)
	}
	out := Detail{
		Item: item, Heard: heard.Text, Spoken: heard.Spoken, Confidence: heard.Confidence, Evidence: heard.Evidence,
		Audio: c.Duration(), Wall: time.Since(begin),
	}
	label, got := Characters(item.Text), Characters(heard.Text)
	out.Chars, out.Errors = len(label), Distance(label, got)
	said, meant := Syllables(heard.Spoken), Syllables(item.Text)
	out.Syllables, out.SylErrors = len(meant), Distance(meant, said)
	return out, nil
}
