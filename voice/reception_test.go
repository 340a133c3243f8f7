package voice

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/shop/demo"
	"waggle/tts"
	"waggle/vision"
)

// closable counts that the memory of the detectors is given back.
type closable struct {
	simVAD
	open *int
}

func (c *closable) Close() error { *c.open--; return nil }

// spy is a log that tells which conversation it is about.
type spy struct {
	*dialog.MemoryLog
	id string
}

func (s *spy) Append(ctx context.Context, e dialog.Entry) error {
	s.id = e.Conversation
	return s.MemoryLog.Append(ctx, e)
}

// Whole calls with the real dialog and the demo shop: only line, ear and voice
// are simulated. The engine is made once, since it learns its intents first.
func TestCallsWithTheRealDialog(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := flow.Open(t.Context(), dialog.Options{Shop: shop, Recording: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(*testing.T, *dialog.Engine){
		"a caller learns where the parcel is":            learnsWhereTheParcelIs,
		"the caller turns the recording off":             turnsTheRecordingOff,
		"a photo sent during the call is answered aloud": answersAPhoto,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, engine) })
		})
	}
}

// received takes one call at a reception.
func received(t *testing.T, engine *dialog.Engine, leg *simLeg, during func(*dialog.Conversations, *spy)) (Outcome, []dialog.Entry, string) {
	t.Helper()
	opening := dialog.Opening{Channel: dialog.ChannelPhone, From: "13800000001"}
	log := &spy{MemoryLog: dialog.NewMemoryLog()}
	brain := dialog.NewConversations(engine, log)
	dir, open := t.TempDir(), 0
	r, err := NewReception(t.Context(), Parts{
		Recognizer: &simRecognizer{leg: leg},
		NewVAD: func() (ClosingVAD, error) {
			open++
			return &closable{simVAD{lag: 60 * time.Millisecond}, &open}, nil
		},
		Mouth: &simMouth{leg: leg, delay: 40 * time.Millisecond}, Brain: brain, Recordings: dir,
	})
	if err != nil {
		t.Fatal(err)
	}
	if during != nil {
		during(brain, log)
	}
	leg.start = time.Now()
	out := r.Take(context.Background(), Call{ID: "../../etc/passwd@host", Leg: leg, Opening: opening})
	if open != 0 {
		t.Errorf("%d detectors are still open", open)
	}
	entries, err := brain.Entries(context.Background(), out.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	return out, entries, dir
}

func learnsWhereTheParcelIs(t *testing.T, engine *dialog.Engine) {
	leg := newLeg(says{13 * second, "我的快递到哪了", 1500 * milli}, says{29 * second, "没有了谢谢再见", 1200 * milli})
	out, entries, dir := received(t, engine, leg, nil)
	heard := leg.text()
	if !strings.Contains(heard, "AI") || !strings.Contains(heard, "录音") || !strings.Contains(heard, "徐汇区派送") {
		t.Errorf("the caller heard %q", heard)
	}
	if out.Cause != CauseNormal || out.Err != nil || len(out.Latency) != 2 {
		t.Errorf("%+v", out)
	}
	last := entries[len(entries)-1]
	if last.Ended != "normal" {
		t.Errorf("the log ends with %+v", last)
	}
	record := dialog.Recount(entries)
	if len(record.Turns) != 3 || record.Turns[1].User != "我的快递到哪了" || record.Turns[1].LatencyMS == 0 {
		t.Errorf("record %+v", record)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.wav"))
	if err != nil || len(files) != 1 {
		t.Fatalf("recordings %v %v", files, err)
	}
	if name := filepath.Base(files[0]); !strings.HasSuffix(name, "-______etc_passwd_host.wav") {
		t.Errorf("the file is called %s", name)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 || info.Size() < 100_000 {
		t.Errorf("%v %v", info, err)
	}
}

func turnsTheRecordingOff(t *testing.T, engine *dialog.Engine) {
	leg := newLeg(says{13 * second, "不要录音", second})
	leg.hangUp = 25 * second
	out, _, dir := received(t, engine, leg, nil)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.wav"))
	if !out.Recording.Refused || len(files) != 0 || err != nil {
		t.Errorf("%+v, files %v %v", out.Recording, files, err)
	}
}

// The one state of all channels: a photo sent by a page is answered in the
// call that is under way.
func answersAPhoto(t *testing.T, engine *dialog.Engine) {
	leg := newLeg(says{13 * second, "我的花瓶碎了", 1500 * milli})
	leg.hangUp = 60 * second
	_, entries, _ := received(t, engine, leg, func(brain *dialog.Conversations, log *spy) {
		time.AfterFunc(30*second, func() {
			turn := dialog.Turn{Channel: dialog.ChannelBrowser, PhotoID: "p1", Photo: []vision.Finding{{Kind: "damage", Label: "damaged", Score: 0.95}}}
			if _, err := brain.Next(context.Background(), log.id, turn); err != nil {
				t.Error(err)
			}
		})
	})
	var answer string
	for i, e := range entries {
		if e.Turn != nil && e.Turn.PhotoID != "" {
			answer = entries[i+1].Reply.Text()
		}
	}
	if answer == "" || !strings.Contains(leg.text(), answer) {
		t.Errorf("the photo was answered with %q, the caller heard %q", answer, leg.text())
	}
}

func TestAReceptionNeedsAWorkingVoice(t *testing.T) {
	leg := newLeg()
	parts := Parts{Recognizer: &simRecognizer{}, NewVAD: func() (ClosingVAD, error) { return nil, errors.New("no model") },
		Mouth: &simMouth{leg: leg, err: tts.ErrUnknownVoice}, Brain: &simBrain{}}
	if _, err := NewReception(t.Context(), Parts{}); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
	if _, err := NewReception(t.Context(), parts); !errors.Is(err, tts.ErrUnknownVoice) {
		t.Error(err)
	}
	parts.Mouth = &simMouth{leg: leg}
	r, err := NewReception(t.Context(), parts)
	if err != nil {
		t.Fatal(err)
	}
	if out := r.Take(t.Context(), Call{ID: "1", Leg: leg}); out.Cause != CauseFailed || leg.cause != CauseFailed || out.Err == nil {
		t.Errorf("a call without a detector: %+v", out)
	}
}
