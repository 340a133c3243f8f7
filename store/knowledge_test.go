package store

import (
	"testing"
	"time"

	"waggle/dialog/knowledge"
)

func TestKnowledgeSurvivesARestart(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	s, err := Open(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := knowledge.Open(ctx, nil, s.Knowledge())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Import(ctx, "手册.md", []byte("## 发货\n\n周日不发货，其他日子四十八小时内发出。\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Pin(ctx, "双十一几点开始", "十一月十号晚上八点开始。"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		l.Missed(ctx, "你们在月球有店吗")
	}
	l.Missed(ctx, "月球上有没有店啊")
	l.Missed(ctx, "订单26093885777能刻字吗")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	if s, err = Open(ctx, dir); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if l, err = knowledge.Open(ctx, nil, s.Knowledge()); err != nil {
		t.Fatal(err)
	}
	if a, ok := l.Answer("周日发货吗", 0.25); !ok || a.Kind != knowledge.Document {
		t.Errorf("%+v, %v", a, ok)
	}
	if a, ok := l.Answer("双十一是几点开始", 0.25); !ok || a.Text != "十一月十号晚上八点开始。" {
		t.Errorf("%+v, %v", a, ok)
	}
	drafts, err := l.Drafts(ctx, time.Now().Add(-time.Hour))
	if err != nil || len(drafts) != 2 || drafts[0].Times != 4 || drafts[0].Question != "你们在月球有店吗" || drafts[1].Question != "订单000能刻字吗" {
		t.Errorf("%+v, %v", drafts, err)
	}
	other, err := knowledge.Open(ctx, nil, s.Knowledge()) // as another process would
	if err != nil {
		t.Fatal(err)
	}
	if err := other.RemoveDocument(ctx, "手册.md"); err != nil {
		t.Error(err)
	}
	if err := l.Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	if _, ok := l.Answer("周日发货吗", 0.25); ok {
		t.Error("a removed document still answers")
	}
}
