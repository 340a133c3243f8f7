// Package asr turns speech into text: features, voice activity, endpointing,
// CTC decoding with a lexicon and a language model, inverse text normalisation
// and the Pool that counts how many calls can be heard at once. It may import
// audio, mandarin and models, and knows nothing of telephones or dialogs.
package asr

import (
	"context"
	"errors"
	"time"

	"waggle/audio"
)

// ErrSaturated says that no further stream can be served well. Doors turn it
// into SIP 503 or HTTP 503 with Retry-After; streams in progress are unharmed.
var ErrSaturated = errors.New("asr: all recognition capacity is in use")

// Recognizer makes streams. Implementations are safe for concurrent use.
type Recognizer interface {
	// NewStream reserves capacity for one call, or returns ErrSaturated.
	NewStream(ctx context.Context) (Stream, error)
}

// Stream hears one caller for as long as the call lasts, utterance by
// utterance. It belongs to one goroutine. Close gives its capacity back.
type Stream interface {
	// Write hands over the next frame, at 8 or 16 kHz.
	Write(audio.Frame) error
	// Result is the best transcript of the current utterance so far.
	Result() Transcript
	Close() error
}

// Utterances is implemented by streams that hear several utterances.
type Utterances interface {
	// Begin discards what was heard and starts an utterance with these hints.
	Begin(Hints) error
	// Finish flushes the look-ahead and returns the final transcript.
	Finish() (Transcript, error)
}

// Hints is what the dialog expects to hear next. The zero value expects
// nothing in particular.
type Hints struct {
	// Kind narrows the grammar softly: it raises what fits, never excludes.
	Kind HintKind
	// Phrases are texts (product names, choices) that are likely this turn.
	Phrases []string
	// Lengths are how many digits a number has that was asked for; nil if any.
	Lengths []int
}

// HintKind names a kind of expected answer.
type HintKind string

// The kinds of answer a turn may expect.
const (
	HintOpen   HintKind = ""
	HintDigits HintKind = "digits"
	HintYesNo  HintKind = "yesno"
)

// Transcript is what was understood of one utterance.
type Transcript struct {
	// Text is written as people write it, after inverse text normalisation.
	Text string
	// Spoken is the text before inverse normalisation.
	Spoken string
	// Words carry times relative to the start of the stream.
	Words []Word
	// Confidence is in [0,1], calibrated on held-out speech; Evidence is what
	// the built-in recogniser judged it by.
	Confidence float32
	Evidence   Evidence
	// Uncalibrated says that Confidence is no chance of being right but the
	// geometric mean of a model's own posteriors, which are too sure of
	// themselves (Guo et al., "On Calibration of Modern Neural Networks", ICML
	// 2017). Models of a user's own are so; what hangs on it asks for more.
	Uncalibrated bool
	// NBest lists other readings, best first, without Text itself.
	NBest []Alternative
	// Final is true once the utterance is over and the text will not change.
	Final bool
	// Tags is what a model said beside the words; most say nothing.
	Tags Tags
}

// Tags is what some models (SenseVoice, Whisper) tell of an utterance beside
// its words, in the model's own terms without brackets: "zh", "HAPPY", "BGM".
type Tags struct {
	Language, Emotion, Event string
}

// Word is one recognised word and where it was spoken.
type Word struct {
	Text       string
	Start, End time.Duration
	Confidence float32
}

// Alternative is a further reading of the utterance.
type Alternative struct {
	Text       string
	Confidence float32
}
