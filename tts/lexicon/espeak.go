package lexicon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"waggle/tts/spoken"
)

// ErrEspeak says that the espeak-ng program, which voices trained on its
// phonemes need, is missing or failed.
var ErrEspeak = errors.New("this voice is trained on the phonemes of espeak-ng: install espeak-ng (such as `apt install espeak-ng`)")

// Limits of one run of the program.
const (
	espeakTime   = 5 * time.Second
	espeakOutput = 64 << 10
)

// voiceName is what a voice of the program may be called; it comes from a
// stranger's file and goes to a command line.
var voiceName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Espeak makes IPA phonemes by the espeak-ng program, one run for each clause:
// a few milliseconds, beside the first phrase's synthesis only for later ones.
type Espeak struct {
	path, voice string
}

// NewEspeak finds the program and tries the voice. espeak-ng 1.51 spells
// Mandarin characters as English under its name cmn, so the name under which
// it reads pinyin is tried first. Errors: ErrEspeak.
func NewEspeak(ctx context.Context, voice string) (*Espeak, error) {
	if !voiceName.MatchString(voice) {
		return nil, fmt.Errorf("%w: %q is no name of its voices", ErrEspeak, voice)
	}
	path, err := exec.LookPath("espeak-ng")
	if err != nil {
		return nil, ErrEspeak
	}
	names, probe := []string{voice}, "a"
	if Chinese(voice) {
		names, probe = []string{"cmn-latn-pinyin", voice}, "你好"
	}
	var failed error
	for _, name := range names {
		e := &Espeak{path: path, voice: name}
		if _, failed = e.Phonemes(ctx, probe); failed == nil {
			return e, nil
		}
	}
	return nil, failed
}

// Chinese says whether a name of espeak-ng's voices means Mandarin.
func Chinese(voice string) bool {
	return voice == "cmn" || voice == "zh" || strings.HasPrefix(voice, "cmn-") || strings.HasPrefix(voice, "zh-")
}

// Phonemes returns the phonemes of a clause, decomposed (NFD), without the
// marks that say where a word of another language begins and ends. The text
// goes through standard input; no shell is involved. Errors: ErrEspeak, or that
// of ctx.
func (e *Espeak) Phonemes(ctx context.Context, clause string) ([]rune, error) {
	run, cancel := context.WithTimeout(ctx, espeakTime)
	defer cancel()
	cmd := exec.CommandContext(run, e.path, "-q", "--ipa", "-b", "1", "-v", e.voice, "--stdin")
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	cmd.Stdin = strings.NewReader(clause + "\n")
	out, problem := limited{most: espeakOutput}, limited{most: 200}
	cmd.Stdout, cmd.Stderr = &out, &problem
	cmd.WaitDelay = time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w: %s", ErrEspeak, err, strings.TrimSpace(problem.String()))
	}
	return phonemes(out.String()), nil
}

// limited keeps the first bytes that are written to it.
type limited struct {
	bytes.Buffer
	most int
}

func (l *limited) Write(p []byte) (int, error) {
	l.Buffer.Write(p[:min(len(p), l.most-l.Len())])
	return len(p), nil
}

// phonemes reads the program's output: a line for each clause that it saw.
func phonemes(out string) []rune {
	var list []rune
	flag := false
	for _, r := range norm.NFD.String(strings.Join(strings.Fields(out), " ")) {
		switch {
		case r == '(':
			flag = true
		case r == ')':
			flag = false
		case !flag:
			list = append(list, r)
		}
	}
	return list
}

// Speller makes the phonemes of a clause; Espeak is one.
type Speller interface {
	Phonemes(ctx context.Context, clause string) ([]rune, error)
}

// Sounds is the front end of voices whose symbols are single characters of a
// phonetic alphabet.
type Sounds struct {
	Tokens  Tokens
	Speller Speller
	Layout  Layout
	// Mandarin reads numbers and codes by tts/spoken; else that is left to the
	// Speller.
	Mandarin bool
}

var _ FrontEnd = (*Sounds)(nil)

// Form implements FrontEnd.
func (s *Sounds) Form(text string) string {
	if s.Mandarin {
		return spoken.Form(text)
	}
	return strings.TrimSpace(text)
}

// Encode implements FrontEnd. Errors: those of the Speller.
func (s *Sounds) Encode(ctx context.Context, p Phrase) (Encoded, error) {
	var e Encoded
	said := false
	for i, part := range p {
		list, err := s.Speller.Phonemes(ctx, part.Text)
		if err != nil {
			return e, err
		}
		said = said || len(list) > 0
		list = append(list, ending(part.Mark, i+1 < len(p))...)
		for _, r := range list {
			if id, ok := s.Tokens.ID(string(r)); ok {
				e.add(id)
			} else {
				e.Skipped++
			}
		}
	}
	if !said || len(e.IDs) == 0 {
		return Encoded{Skipped: e.Skipped}, nil
	}
	s.Layout.frame(&e, false)
	return e, nil
}

// ending is what piper writes behind the phonemes of a clause: the mark, and a
// blank where the sentence goes on.
func ending(mark rune, more bool) []rune {
	switch {
	case mark == 0 && more:
		return []rune{' '}
	case mark == 0:
		return nil
	case endsSentence(mark):
		return []rune{mark}
	}
	return []rune{mark, ' '}
}

// Letters is a Speller for voices that were trained on the letters of the text
// itself.
type Letters struct{}

// Phonemes implements Speller.
func (Letters) Phonemes(_ context.Context, clause string) ([]rune, error) {
	return []rune(strings.ToLower(clause)), nil
}
