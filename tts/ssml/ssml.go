// Package ssml reads the part of the Speech Synthesis Markup Language (W3C,
// SSML 1.1, 2010) that a shop needs: speak, p, s, break, say-as, prosody, sub,
// phoneme with pinyin, and voice. It is strict: what it does not know is an
// error that names it, because markup that is silently ignored is heard wrong.
//
// A document comes from a program of the shop, through the API or the command
// line. What shoppers or language models write is never read as SSML: the
// dialog hands plain text to the voice, where < is a sign like any other.
//
// The package may import mandarin and tts/spoken.
package ssml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a document. They are checked while it is read.
const (
	LongestDocument = 8 << 10 // bytes
	DeepestElement  = 8
	LongestBreak    = 10 * time.Second
	LongestSilence  = time.Minute // of all breaks together
)

// ErrMarkup says that a document is not SSML or uses what is not understood;
// the text around it says what and where.
var ErrMarkup = errors.New("ssml: the markup cannot be used")

// Style is how a part is spoken.
type Style struct {
	// Voice is a name for the synthesizer; empty keeps the one asked for.
	Voice string
	// Rate multiplies the tempo; 1 is normal.
	Rate float32
	// Pitch moves the voice, in semitones; 0 is normal.
	Pitch float32
	// Gain changes the loudness, in dB; 0 is normal, below Silent nothing is
	// heard.
	Gain float32
}

// Silent is the gain of volume="silent", in dB.
const Silent = -90

// Part is a stretch of text that is spoken in one style.
type Part struct {
	Style
	// Text is written text for spoken.Form; it may be empty. It may hold the
	// runes of mandarin.Spell.
	Text string
	// Pause is the silence after it.
	Pause time.Duration
}

// Is says whether a text asks to be read as SSML: whether it begins with the
// element speak.
func Is(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n\ufeff")
	if strings.HasPrefix(text, "<?xml") {
		_, text, _ = strings.Cut(text, "?>")
		text = strings.TrimLeft(text, " \t\r\n")
	}
	rest, ok := strings.CutPrefix(text, "<speak")
	return ok && rest != "" && strings.ContainsRune(" \t\r\n/>", rune(rest[0]))
}

// Parse reads a document into the parts that are spoken one after the other.
// Errors wrap ErrMarkup.
func Parse(document string) ([]Part, error) {
	switch {
	case len(document) > LongestDocument:
		return nil, fmt.Errorf("%w: it has %d bytes, at most %d are read", ErrMarkup, len(document), LongestDocument)
	case !utf8.ValidString(document):
		return nil, fmt.Errorf("%w: it is not valid UTF-8", ErrMarkup)
	}
	d := xml.NewDecoder(strings.NewReader(strings.TrimLeft(document, " \t\r\n\ufeff")))
	r := reader{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = r.take(token)
		}
		if err != nil {
			line, column := d.InputPos()
			return nil, fmt.Errorf("%w: line %d, column %d: %w", ErrMarkup, line, column, plain(err))
		}
	}
	if !r.rooted {
		return nil, fmt.Errorf("%w: it has no element speak", ErrMarkup)
	}
	return r.script.parts, nil
}

// plain takes the position out of the decoder's errors, which Parse adds.
func plain(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return errors.New(syntax.Msg)
	}
	return err
}
