package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"waggle/config"
	"waggle/dialog"
	"waggle/llm/llmtest"
	"waggle/voice"
)

// brain opens the data, the shop and the dialog core of a gateway.
func brain(t *testing.T, cfg config.Config) (*gateway, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	g := &gateway{cfg: cfg, log: slog.New(slog.NewTextHandler(&log, nil)), capacity: voice.NewCapacity(1)}
	t.Cleanup(func() {
		if err := g.close(); err != nil {
			t.Error(err)
		}
	})
	if err := g.openData(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.openShop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := g.openBrain(t.Context()); err != nil {
		t.Fatal(err)
	}
	return g, &log
}

func settings(t *testing.T) config.Config {
	cfg := config.Default()
	cfg.DataDir = t.TempDir()
	return cfg
}

// With an endpoint configured, what no flow takes is answered by the model, and
// only as far as it is proven.
func TestServeAnswersWithTheConfiguredModel(t *testing.T) {
	double := llmtest.Start(t, llmtest.Say("您好呀，我在听。这款只要9元。"))
	cfg := settings(t)
	cfg.LLM.URL, cfg.LLM.Model = double.URL, "double"
	g, log := brain(t, cfg)
	id, _, err := g.talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText})
	if err != nil {
		t.Fatal(err)
	}
	r, err := g.talk.Next(t.Context(), id, dialog.Turn{Text: "呜哩哇啦嘟嘟嘟"})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(double.Asked()); n != 1 || r.Text() != "您好呀，我在听。" {
		t.Errorf("%d requests, it said %q; log %s", n, r.Text(), log)
	}
	if len(double.Asked()) > 0 && !strings.Contains(double.Asked()[0].Raw, "start_procedure") {
		t.Error("the model knows no procedures")
	}
}

// A conversation that waits for a person waits after a restart too, and without
// anybody at the desk nobody is promised one.
func TestTheQueueSurvivesARestartAndAnEmptyDeskIsHonest(t *testing.T) {
	cfg := settings(t)
	cfg.Desk.Staffed = "always"
	first, _ := brain(t, cfg)
	id, _, err := first.talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText, User: "c01"})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := first.talk.Next(t.Context(), id, dialog.Turn{Text: "转人工"}); err != nil || r.HandOff == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := first.close(); err != nil {
		t.Fatal(err)
	}
	cfg.Desk.Staffed = "auto"
	second, _ := brain(t, cfg)
	if q := second.talk.WithPeople(); len(q) != 1 || q[0].Conversation != id || q[0].Customer != "c01" {
		t.Errorf("queue %+v", q)
	}
	other, _, err := second.talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText, User: "c01"})
	if err != nil {
		t.Fatal(err)
	}
	if r, err := second.talk.Next(t.Context(), other, dialog.Turn{Text: "转人工"}); err != nil || r.HandOff != nil || !strings.Contains(r.Text(), "登记") {
		t.Errorf("%+v, %v", r, err)
	}
}
