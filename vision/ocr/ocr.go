// Package ocr reads numbers off screenshots with two networks that drop in by
// their cards, shaped like PP-OCR's: a detector that marks text per pixel
// (DBNet, Liao 2020) and a recogniser of lines (CTC, Graves 2006). Without
// cards it is off. What it reads is data: only order and parcel numbers leave
// it, by their form, and no other word ever does. It imports vision's plain
// types and vision/card.
package ocr

import (
	"context"
	"errors"
	"fmt"

	"waggle/vision"
	"waggle/vision/card"
)

// mostLines caps the work on one picture: a screenshot of an order has thirty.
const mostLines = 64

// Reader holds both networks. It is safe for concurrent use.
type Reader struct {
	detector, recogniser *card.Network
	dictionary           []string
}

// Open loads the networks that cards name by kind; nil when there are none.
// One without the other is an error.
func Open(cards map[card.Kind]string, o card.Options) (*Reader, error) {
	det, rec := cards[card.OCRDetector], cards[card.OCRRecogniser]
	switch {
	case det == "" && rec == "":
		return nil, nil
	case det == "" || rec == "":
		return nil, fmt.Errorf("ocr: %w: a detector and a recogniser are needed, there is only one", card.ErrCard)
	}
	r := &Reader{}
	var err error
	if r.detector, err = card.Open(det, o, card.OCRDetector); err != nil {
		return nil, fmt.Errorf("ocr: %w", err)
	}
	if r.recogniser, err = card.Open(rec, o, card.OCRRecogniser); err != nil {
		return nil, errors.Join(fmt.Errorf("ocr: %w", err), r.detector.Close())
	}
	if r.dictionary, err = parseDictionary(r.recogniser.Files["dictionary"]); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close frees the networks; no Read may be running.
func (r *Reader) Close() error { return errors.Join(r.detector.Close(), r.recogniser.Close()) }

// Line is one line of text.
type Line struct {
	Text  string
	Score float64 // mean probability of its characters
	Box   vision.Box
}

// Read finds and reads the lines of a picture, from top to bottom.
func (r *Reader) Read(ctx context.Context, m vision.Image) ([]Line, error) {
	seen, err := r.detector.Run(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("ocr: %w", err)
	}
	found, err := r.boxes(seen)
	if err != nil {
		return nil, err
	}
	var out []Line
	for _, b := range found[:min(len(found), mostLines)] {
		strip := b.cut(m)
		if strip.W < 2 || strip.H < 2 {
			continue
		}
		read, err := r.recogniser.Run(ctx, strip)
		if err != nil {
			return nil, fmt.Errorf("ocr: %w", err)
		}
		text, score, err := r.decode(read.Out["logits"])
		if err != nil {
			return nil, err
		}
		if text != "" {
			out = append(out, Line{Text: text, Score: score, Box: b.bounds(m)})
		}
	}
	return out, nil
}

// Findings are the numbers of a picture: the only thing that is made of its
// words.
func (r *Reader) Findings(ctx context.Context, m vision.Image) ([]vision.Finding, error) {
	lines, err := r.Read(ctx, m)
	if err != nil {
		return nil, err
	}
	return Numbers(lines), nil
}
