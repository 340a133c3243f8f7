// Package eval measures a recogniser on a labelled set: character error rate
// with a bootstrap interval, syllable error rate and real-time factor. It may
// import asr, audio/clip and mandarin.
package eval

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"waggle/asr"
	"waggle/audio/clip"
)

// ErrManifest says that a manifest cannot be used.
var ErrManifest = errors.New("the manifest needs a header line with the columns path and text, separated by tabs")

// Item is one labelled recording.
type Item struct{ Path, Text string }

// ReadManifest reads a TSV file with a header; the columns path and text are
// used, others ignored. Errors: ErrManifest.
func ReadManifest(r io.Reader) ([]Item, error) {
	c := csv.NewReader(r)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord = '\t', true, -1
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	path, text := slices.Index(head, "path"), slices.Index(head, "text")
	if path < 0 || text < 0 {
		return nil, fmt.Errorf("%w; it has %q", ErrManifest, head)
	}
	var items []Item
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrManifest, err)
		}
		if len(row) <= max(path, text) || row[path] == "" {
			return nil, fmt.Errorf("%w: line %d is short", ErrManifest, len(items)+2)
		}
		items = append(items, Item{Path: row[path], Text: row[text]})
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%w: it lists nothing", ErrManifest)
	}
	return items, nil
}

// Detail is how one recording was heard.
type Detail struct {
	Item
	Heard      string
	Spoken     string // before inverse text normalisation
	Confidence float32
	Chars      int // of the label, normalised
	Errors     int // insertions, deletions and substitutions of characters
	Syllables  int
	SylErrors  int
	Audio      time.Duration
	Wall       time.Duration
}

// Report sums up a set. Rates are errors divided by the label's length and may
// exceed 1; CERLow and CERHigh bound 95 % by bootstrap over recordings.
type Report struct {
	N             int     `json:"n"`
	Chars         int     `json:"chars"`
	CER           float64 `json:"cer"`
	CERLow        float64 `json:"cer_lo"`
	CERHigh       float64 `json:"cer_hi"`
	SyllableError float64 `json:"syllable_error"`
	RTF           float64 `json:"rtf"`
}

// Run transcribes every item in order and reports each one to note, which may
// be nil. Paths are relative to root unless absolute.
func Run(ctx context.Context, t asr.Transcriber, root string, items []Item, note func(Detail) error) (Report, error) {
	details := make([]Detail, 0, len(items))
	for _, item := range items {
		d, err := one(ctx, t, root, item)
		if err != nil {
			return Report{}, err
		}
		if note != nil {
			if err := note(d); err != nil {
				return Report{}, err
			}
		}
		details = append(details, d)
	}
	return sum(details), nil
}

func one(ctx context.Context, t asr.Transcriber, root string, item Item) (Detail, error) {
	path := item.Path
	if !filepath.IsAbs(path) {
		path = filepath.Join(root, path)
	}
	c, err := clip.Open(path, clip.Longest)
	if err != nil {
		return Detail{}, err
	}
	begin := time.Now()
	heard, err := t.Transcribe(ctx, c, asr.Hints{})
	if err != nil {
		return Detail{}, fmt.Errorf("%s: %w", item.Path, err)
	}
	d := Detail{Item: item, Heard: heard.Text, Spoken: heard.Spoken, Confidence: heard.Confidence, Audio: c.Duration(), Wall: time.Since(begin)}
	label, got := Characters(item.Text), Characters(heard.Text)
	d.Chars, d.Errors = len(label), Distance(label, got)
	said, meant := Syllables(heard.Spoken), Syllables(item.Text)
	d.Syllables, d.SylErrors = len(meant), Distance(meant, said)
	return d, nil
}

func sum(details []Detail) Report {
	r := Report{N: len(details)}
	var errs, syllables, sylErrs int
	var sound, wall time.Duration
	for _, d := range details {
		r.Chars += d.Chars
		errs += d.Errors
		syllables += d.Syllables
		sylErrs += d.SylErrors
		sound += d.Audio
		wall += d.Wall
	}
	r.CER, r.SyllableError = ratio(errs, r.Chars), ratio(sylErrs, syllables)
	r.CERLow, r.CERHigh = bootstrap(details)
	if sound > 0 {
		r.RTF = wall.Seconds() / sound.Seconds()
	}
	return r
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// bootstrap resamples recordings (Bisani and Ney, ICASSP 2004) and returns the
// 2.5th and 97.5th percentile of the error rate.
func bootstrap(details []Detail) (low, high float64) {
	const rounds = 2000
	rng := rand.New(rand.NewPCG(1, uint64(len(details)))) // the same set gives the same interval
	rates := make([]float64, rounds)
	for i := range rates {
		errs, chars := 0, 0
		for range details {
			d := details[rng.IntN(len(details))]
			errs, chars = errs+d.Errors, chars+d.Chars
		}
		rates[i] = ratio(errs, chars)
	}
	slices.Sort(rates)
	at := func(q float64) float64 { return rates[int(math.Round(q*(rounds-1)))] }
	return at(0.025), at(0.975)
}
