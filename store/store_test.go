package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"waggle/dialog"
)

func open(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func TestAConversationSurvivesARestart(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	heard := "您好"
	log := []dialog.Entry{
		{Conversation: "c", Seq: 1, At: at, Opening: &dialog.Opening{Channel: dialog.ChannelPhone, From: "13800000001"}},
		{Conversation: "c", Seq: 2, At: at, Turn: &dialog.Turn{Text: "我的快递到哪了", Heard: &heard}},
		{Conversation: "c", Seq: 3, At: at, Reply: &dialog.Reply{Sentences: []dialog.Sentence{{Text: "在路上。"}}}, Latency: time.Second},
		{Conversation: "c", Seq: 4, At: at.Add(time.Minute), Ended: "hang-up"},
	}
	for _, e := range log {
		if err := s.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Append(ctx, log[2]); err == nil {
		t.Error("the log took the same entry twice")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(ctx, dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.Read(ctx, "c")
	if err != nil || len(got) != 4 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	if got[1].Turn.Text != "我的快递到哪了" || *got[1].Turn.Heard != "您好" || got[2].Latency != time.Second {
		t.Errorf("entries changed: %+v", got)
	}
	list, err := s.Conversations(ctx, 10)
	if err != nil || len(list) != 1 || list[0].Outcome != "hang-up" || list[0].From != "13800000001" || !list[0].Ended.Equal(at.Add(time.Minute)) {
		t.Errorf("list = %+v, %v", list, err)
	}
	if _, err := s.Read(ctx, "nobody"); !errors.Is(err, ErrNotFound) || !errors.Is(err, dialog.ErrUnknown) {
		t.Errorf("an unknown conversation gave %v", err)
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.write.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir); err == nil {
		t.Error("a database from the future was opened")
	}
	if _, err := Open(t.Context(), filepath.Join(dir, "no", "such", "folder")); err == nil {
		t.Error("a folder that does not exist was opened")
	}
}

func TestKeysAreFoundBySecretOnly(t *testing.T) {
	s, ctx := open(t), context.Background()
	if n, err := s.CountKeys(ctx); n != 0 || err != nil {
		t.Fatalf("CountKeys = %d, %v", n, err)
	}
	if err := s.AddKey(ctx, Key{ID: "k1", Name: "first", Role: "admin", Created: time.Now()}, "secret-a"); err != nil {
		t.Fatal(err)
	}
	if k, err := s.FindKey(ctx, "secret-a"); err != nil || k.ID != "k1" || k.Role != "admin" {
		t.Errorf("FindKey = %+v, %v", k, err)
	}
	for _, wrong := range []string{"", "secret-b", "k1", "secret-a "} {
		if _, err := s.FindKey(ctx, wrong); !errors.Is(err, ErrNotFound) {
			t.Errorf("FindKey(%q) = %v", wrong, err)
		}
	}
	var stored []byte
	if err := s.read.QueryRow("SELECT hash FROM keys").Scan(&stored); err != nil || string(stored) == "secret-a" || len(stored) != 32 {
		t.Errorf("stored %d bytes, %v", len(stored), err)
	}
}

func BenchmarkAppend(b *testing.B) {
	s, err := Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Append(b.Context(), dialog.Entry{Conversation: "c", Opening: &dialog.Opening{}}); err != nil {
		b.Fatal(err)
	}
	seq := 0
	for b.Loop() {
		seq++
		if err := s.Append(b.Context(), dialog.Entry{Conversation: "c", Seq: seq, Turn: &dialog.Turn{Text: "你好"}}); err != nil {
			b.Fatal(err)
		}
	}
}
