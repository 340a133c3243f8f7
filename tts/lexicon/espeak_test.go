package lexicon

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program puts a script in the place of espeak-ng.
func program(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "espeak-ng"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
}

func TestEspeakGivesTheTextThroughStandardInput(t *testing.T) {
	heard := filepath.Join(t.TempDir(), "heard")
	program(t, `read -r line; printf '%s' "$line" >'`+heard+`'; echo "$*"; echo '(en)bc̃(cmn)'`)
	e, err := NewEspeak(t.Context(), "en-us")
	if err != nil {
		t.Fatal(err)
	}
	const text = "$(touch x); `ls` \"quoted\" -v <b>"
	got, err := e.Phonemes(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if line, err := os.ReadFile(heard); err != nil || string(line) != text {
		t.Errorf("the program heard %q, %v, want %q", line, err, text)
	}
	if want := "-q --ipa -b 1 -v en-us --stdin bc\u0303"; string(got) != want {
		t.Errorf("Phonemes = %q, want %q: lines joined, no language marks, decomposed", string(got), want)
	}
}

func TestEspeakTriesPinyinFirstForMandarin(t *testing.T) {
	program(t, `case "$*" in *cmn-latn-pinyin*) exit 1;; esac; echo a`)
	e, err := NewEspeak(t.Context(), "cmn")
	if err != nil || e.voice != "cmn" {
		t.Fatalf("voice %q, %v, want cmn where there is no other", e.voice, err)
	}
	program(t, `echo a`)
	if e, err = NewEspeak(t.Context(), "zh"); err != nil || e.voice != "cmn-latn-pinyin" {
		t.Fatalf("voice %q, %v, want cmn-latn-pinyin", e.voice, err)
	}
}

func TestEspeakErrorsSayWhatToDo(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := NewEspeak(t.Context(), "en-us"); !errors.Is(err, ErrEspeak) || !strings.Contains(err.Error(), "install espeak-ng") {
		t.Errorf("without the program: %v", err)
	}
	program(t, `echo "no such voice" >&2; exit 1`)
	if _, err := NewEspeak(t.Context(), "xx"); !errors.Is(err, ErrEspeak) || !strings.Contains(err.Error(), "no such voice") {
		t.Errorf("an unknown voice: %v", err)
	}
	for _, name := range []string{"", "-w/tmp/x", "en us", "../x", "EN", "a;b", strings.Repeat("-", 9)} {
		if _, err := NewEspeak(t.Context(), name); !errors.Is(err, ErrEspeak) {
			t.Errorf("the voice name %q is taken: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	program(t, `echo a`)
	e, err := NewEspeak(ctx, "en-us")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := e.Phonemes(ctx, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of ctx: %v", err)
	}
}

func TestEspeakItselfIsUnderstood(t *testing.T) {
	if _, err := exec.LookPath("espeak-ng"); err != nil {
		t.Skip("espeak-ng is not installed")
	}
	for voice, c := range map[string]struct{ text, want string }{
		"en-us": {"hello", "həlˈoʊ"}, "cmn": {"你好", "χˈɑu2"},
	} {
		e, err := NewEspeak(t.Context(), voice)
		if err != nil {
			t.Skipf("%s: %v", voice, err) // a build without the voice
		}
		got, err := e.Phonemes(t.Context(), c.text)
		if err != nil || !strings.Contains(string(got), c.want) {
			t.Errorf("%s: %q is %q, %v, want it to contain %q", voice, c.text, string(got), err, c.want)
		}
	}
}
