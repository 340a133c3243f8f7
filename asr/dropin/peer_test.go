package dropin

import (
	"bufio"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/audio/clip"
)

// PeerEnv names folders with models of one's own, separated by colons: each
// holds golden.jsonl, written by models/train/peers/sherpa.py from recordings.
const PeerEnv = "WAGGLE_PEER_MODELS"

// heard is what sherpa-onnx made of a recording.
type heard struct {
	File     string    `json:"file"`
	Method   string    `json:"method"`
	Hotwords string    `json:"hotwords"`
	Text     string    `json:"text"`
	Tokens   []string  `json:"tokens"`
	Times    []float64 `json:"times"`
}

// peerTail is the silence that the script adds to every recording.
const peerTail = 800 * time.Millisecond

func TestModelsReadAsSherpaOnnxReadsThem(t *testing.T) {
	folders, err := filepath.Glob("testdata/*/golden.jsonl")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for i, f := range folders {
		folders[i] = filepath.Dir(f)
	}
	if own := os.Getenv(PeerEnv); own != "" {
		folders = append(folders, strings.Split(own, ":")...)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) { comparePeer(t, folder) })
	}
}

func comparePeer(t *testing.T, folder string) {
	f, err := os.Open(filepath.Join(folder, "golden.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	ears := map[string]Recognizer{}
	defer func() {
		for _, r := range ears {
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n := 0
	for ; lines.Scan(); n++ {
		var want heard
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		paths := 4
		if want.Method == "greedy_search" {
			paths = 1
		}
		if ears[want.Method] == nil {
			if ears[want.Method], err = Open(context.Background(), folder, Options{Paths: paths}); err != nil {
				t.Fatal(err)
			}
		}
		got := hearFile(t, ears[want.Method], filepath.Join(folder, want.File), asr.Hints{Phrases: strings.Fields(want.Hotwords)})
		compareHeard(t, want, got)
	}
	if n == 0 {
		t.Error("golden.jsonl is empty")
	}
}

// hearFile hears a recording and a pause as one utterance.
func hearFile(t *testing.T, r Recognizer, path string, h asr.Hints) asr.Transcript {
	t.Helper()
	sound, err := clip.Open(path, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	sound.PCM = append(sound.PCM, make([]int16, int(peerTail*clip.Rate/time.Second))...)
	s, err := r.NewStream(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	u := s.(asr.Utterances)
	if err := u.Begin(h); err != nil {
		t.Fatal(err)
	}
	if err := sound.Frames(20*time.Millisecond, func(f audio.Frame) error { return s.Write(f) }); err != nil {
		t.Fatal(err)
	}
	heard, err := u.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return heard
}

// compareHeard compares texts before ITN, without spaces, and, where tokens are
// words, every token and its time.
func compareHeard(t *testing.T, want heard, got asr.Transcript) {
	t.Helper()
	bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
	if bare(got.Spoken) != bare(want.Text) {
		t.Errorf("%s (%s): %q, sherpa-onnx reads %q", want.File, want.Method, got.Spoken, want.Text)
		return
	}
	if len(got.Words) != len(want.Tokens) || len(want.Times) != len(want.Tokens) {
		return
	}
	readable := bare(strings.Join(want.Tokens, "")) == bare(want.Text) // byte-level tokens are not
	for i, w := range got.Words {
		if readable && w.Text != strings.TrimSpace(want.Tokens[i]) {
			t.Errorf("%s: token %d is %q, sherpa-onnx has %q", want.File, i, w.Text, want.Tokens[i])
		}
		if math.Abs(w.Start.Seconds()-want.Times[i]) > 1e-3 {
			t.Errorf("%s: %s at %v, sherpa-onnx has %v s", want.File, w.Text, w.Start, want.Times[i])
		}
	}
}
