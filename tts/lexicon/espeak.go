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
