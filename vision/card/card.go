// Package card opens vision networks that describe themselves: a JSON card
// beside an .onnx file says what kind of network it is, how a photo becomes its
// input, what its outputs mean and which thresholds were calibrated on what. So
// a CLIP or DINOv2 embedding, a YOLO detector or a PP-OCR recogniser drops in
// without code. It imports vision's plain types, models and models/onnx.
package card

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
)

// Verdicts on a card.
var (
	ErrCard  = errors.New("not a valid model card")
	ErrKind  = errors.New("the card is for another kind of network")
	ErrFile  = errors.New("a file that the card names cannot be used")
	ErrGraph = errors.New("the network does not agree with its card")
)

// Kind is what a network does.
type Kind string

// The kinds, and the roles of outputs that each must name.
const (
	Embedding     Kind = "embedding" // vector: [1,D], [1,T,D] or [1,D,h,w]
	Damage        Kind = "damage"    // mask: [1,1,h,w]; score and type may be there
	Detector      Kind = "detector"  // boxes
	PatchCore     Kind = "patchcore" // features: [1,D,h,w]; the memory is a file
	OCRDetector   Kind = "ocr-det"   // map: [1,1,h,w]
	OCRRecogniser Kind = "ocr-rec"   // logits: [1,T,classes]; the dictionary is a file
)

// needs lists what a card of each kind must name.
var needs = map[Kind]struct{ outputs, files []string }{
	Embedding:     {outputs: []string{"vector"}},
	Damage:        {outputs: []string{"mask"}},
	Detector:      {outputs: []string{"boxes"}},
	PatchCore:     {outputs: []string{"features"}, files: []string{"memory"}},
	OCRDetector:   {outputs: []string{"map"}},
	OCRRecogniser: {outputs: []string{"logits"}, files: []string{"dictionary"}},
}

// File is a file beside the card, pinned by its sha256.
type File struct {
	File   string `json:"file"`   // a plain name: no folder, no link
	SHA256 string `json:"sha256"` // in hexadecimal
}

// Card describes one network.
type Card struct {
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	// Model is the graph; Files are what else it needs, by role.
	Model   File            `json:"model"`
	Files   map[string]File `json:"files,omitempty"`
	Licence string          `json:"licence"`
	Input   Input           `json:"input"`
	// Outputs maps a role to the name of the graph's output.
	Outputs map[string]string `json:"outputs"`
	// Labels names the classes in the order of the outputs' channels.
	Labels []string `json:"labels,omitempty"`
	// Thresholds mean something for this network only. They are absent as long
	// as nobody calibrated it: then it may rank, but it may not judge.
	Thresholds   map[string]float64 `json:"thresholds,omitempty"`
	CalibratedOn string             `json:"calibrated_on,omitempty"`
}

// Limits of a card: the largest real ones stay below a tenth of them.
const (
	maxCard       = 256 << 10
	maxText       = 512
	maxLabels     = 4096
	maxThresholds = 64
	maxOutputs    = 16
	maxFiles      = 8
)

// Calibrated reports whether the network may judge.
func (c Card) Calibrated() bool { return len(c.Thresholds) > 0 }

// Threshold is one of the card's figures; false when it was not calibrated.
func (c Card) Threshold(name string) (float64, bool) {
	v, ok := c.Thresholds[name]
	return v, ok
}

// Parse reads a card strictly: unknown keys, missing ones and figures that
// cannot be are refused with ErrCard.
func Parse(raw []byte) (Card, error) {
	if len(raw) > maxCard {
		return Card{}, fmt.Errorf("%w: larger than %d bytes", ErrCard, maxCard)
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var c Card
	if err := d.Decode(&c); err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrCard, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Card{}, fmt.Errorf("%w: something follows the closing brace", ErrCard)
	}
	if err := c.check(); err != nil {
		return Card{}, fmt.Errorf("%w: %w", ErrCard, err)
	}
	return c, nil
}

func (c Card) check() error {
	need, known := needs[c.Kind]
	if !known {
		return fmt.Errorf("kind %q: one of embedding, damage, detector, patchcore, ocr-det, ocr-rec", c.Kind)
	}
	if c.Name == "" || len(c.Name) > maxText || len(c.Licence) > maxText || len(c.CalibratedOn) > maxText {
		return errors.New("name is missing, or a text is too long")
	}
	if len(c.Files) > maxFiles || len(c.Labels) > maxLabels {
		return fmt.Errorf("at most %d files and %d labels", maxFiles, maxLabels)
	}
	return errors.Join(
		c.Model.check("model"), c.checkFiles(need.files), c.checkOutputs(need.outputs),
		c.checkLabels(), c.checkThresholds(), c.Input.check(),
	)
}

func (c Card) checkFiles(need []string) error {
	for _, role := range need {
		if _, ok := c.Files[role]; !ok {
			return fmt.Errorf("files: %s needs %q", c.Kind, role)
		}
	}
	for role, f := range c.Files {
		if err := f.check("files." + role); err != nil {
			return err
		}
	}
	return nil
}

func (c Card) checkOutputs(need []string) error {
	if len(c.Outputs) > maxOutputs {
		return fmt.Errorf("outputs: at most %d", maxOutputs)
	}
	for _, role := range need {
		if c.Outputs[role] == "" {
			return fmt.Errorf("outputs: %s needs %q", c.Kind, role)
		}
	}
	for role, name := range c.Outputs {
		if name == "" || len(name) > maxText {
			return fmt.Errorf("outputs: %s has no usable name", role)
		}
	}
	return nil
}

func (c Card) checkLabels() error {
	for i, l := range c.Labels {
		if l == "" || len(l) > maxText {
			return fmt.Errorf("labels: number %d is empty or too long", i)
		}
		if slices.Contains(c.Labels[:min(i, 256)], l) {
			return fmt.Errorf("labels: %q is there twice", l)
		}
	}
	return nil
}

func (c Card) checkThresholds() error {
	if len(c.Thresholds) > maxThresholds {
		return fmt.Errorf("thresholds: at most %d", maxThresholds)
	}
	if len(c.Thresholds) > 0 && c.CalibratedOn == "" {
		return errors.New("thresholds without calibrated_on: say on what they were calibrated")
	}
	for name, v := range c.Thresholds {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return fmt.Errorf("thresholds.%s: %g cannot be", name, v)
		}
	}
	return nil
}
