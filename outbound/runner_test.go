package outbound_test

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/dialog"
	"waggle/outbound"
	"waggle/store"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

var ten = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC) // 10:00 in Shanghai

type calls struct {
	mu      sync.Mutex
	numbers []string
	answer  func(outbound.Attempt) outbound.Result
	done    chan struct{} // one tick per call
}

func (c *calls) Call(_ context.Context, a outbound.Attempt, s dialog.Script) outbound.Result {
	c.mu.Lock()
	c.numbers = append(c.numbers, a.Number)
	c.mu.Unlock()
	defer func() { c.done <- struct{}{} }()
	if s.Kind != "pay" || s.Facts["order"] == "" {
		return outbound.Result{Disposition: outbound.Failed}
	}
	return c.answer(a)
}

func list(t *testing.T, o *store.Outbound, numbers ...string) {
	t.Helper()
	var contacts []outbound.Contact
	for _, n := range numbers {
		contacts = append(contacts, outbound.Contact{
			ID: n, Campaign: "c", Number: n, Zone: "Asia/Shanghai", State: outbound.ContactPending,
			Consent: outbound.Consent{Basis: "b", Proof: "p", At: ten.Add(-time.Hour)}, Facts: map[string]string{"order": n},
		})
	}
	contacts[len(contacts)-1].Consent = outbound.Consent{} // the last one never agreed
	c := outbound.Campaign{ID: "c", Script: "pay", State: outbound.CampaignRunning, Created: ten}
	if err := o.Create(t.Context(), c, contacts); err != nil {
		t.Fatal(err)
	}
}

// run lets the runner tick until n calls were made and the campaign is over,
// then stops it. A call has been made before its line is free again: how many
// ticks later the rest is worked off depends on the machine.
func run(t *testing.T, o *store.Outbound, c *calls, n int) {
	t.Helper()
	tick := make(chan time.Time)
	r := &outbound.Runner{
		Ledger: o, Contacts: o, Caller: c, Gate: outbound.HouseGate(), Pacer: outbound.NewPacer(1e6, 1000), Lines: 2,
		Now: func() time.Time { return ten }, Tick: tick, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	for made := 0; made < n; {
		select {
		case tick <- ten:
		case <-c.done:
			made++
		}
	}
	const most = 10_000
	for range most {
		tick <- ten
		report, err := o.Report(t.Context(), "c")
		if err != nil {
			t.Error(err)
		}
		if err != nil || report.Campaign.State == outbound.CampaignDone {
			break
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestACampaignCallsEveryConsentingContactOnce(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o := s.Outbound()
	list(t, o, "+8613800000001", "+8613800000002", "+8613800000003", "+8613800000004")
	c := &calls{done: make(chan struct{}, 10), answer: func(a outbound.Attempt) outbound.Result {
		if a.Number == "+8613800000002" {
			panic("the dialog broke")
		}
		return outbound.Result{Disposition: outbound.Confirmed, Conversation: "x"}
	}}
	run(t, o, c, 3)
	if len(c.numbers) != 3 {
		t.Fatalf("called %v, want three numbers", c.numbers)
	}
	r, err := o.Report(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	if r.States()[outbound.ContactRefused] != 1 || r.Dispositions()[outbound.Confirmed] != 2 || r.Dispositions()[outbound.Failed] != 1 {
		t.Errorf("states %v, dispositions %v", r.States(), r.Dispositions())
	}
	if r.Campaign.State != outbound.CampaignDone {
		t.Errorf("the campaign is %s", r.Campaign.State)
	}
}

func TestSayingDoNotCallListsTheNumberBeforeTheReply(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	log := outbound.NewOptOutLog(s, s.Outbound())
	ctx := t.Context()
	entries := []dialog.Entry{
		{Conversation: "v", Seq: 1, At: ten, Opening: &dialog.Opening{Channel: dialog.ChannelPhone, From: "13800000009"}},
		{Conversation: "v", Seq: 2, At: ten, Turn: &dialog.Turn{Text: "不要再打了"}},
		{Conversation: "v", Seq: 3, At: ten, Reply: &dialog.Reply{Outcome: dialog.OutcomeOptOut}},
	}
	for _, e := range entries {
		if err := log.Append(ctx, e); err != nil {
			t.Fatal(err)
		}
	}
	if yes, err := s.Outbound().Listed(ctx, "+8613800000009"); !yes || err != nil {
		t.Errorf("Listed = %v, %v", yes, err)
	}
	// After a restart the opening is only in the log.
	reborn := outbound.NewOptOutLog(s, s.Outbound())
	if err := s.Append(ctx, dialog.Entry{Conversation: "w", Seq: 1, At: ten, Opening: &dialog.Opening{From: "13800000008"}}); err != nil {
		t.Fatal(err)
	}
	if err := reborn.Append(ctx, dialog.Entry{Conversation: "w", Seq: 2, At: ten, Reply: &dialog.Reply{Outcome: dialog.OutcomeOptOut}}); err != nil {
		t.Fatal(err)
	}
	if yes, _ := s.Outbound().Listed(ctx, "+8613800000008"); !yes {
		t.Error("an opt-out after a restart was lost")
	}
}
