package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"waggle/outbound"
)

var ten = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC) // 10:00 in Shanghai

func campaign(t *testing.T, s *Store, id string, n int) []outbound.Contact {
	t.Helper()
	var list []outbound.Contact
	for i := range n {
		list = append(list, outbound.Contact{
			ID: fmt.Sprintf("%s-%d", id, i), Campaign: id, Number: fmt.Sprintf("+8613800000%03d", i), Zone: "Asia/Shanghai",
			Consent: outbound.Consent{Basis: "reminder", Proof: "order", At: ten.Add(-time.Hour)},
			Facts:   map[string]string{"order": fmt.Sprint(1000 + i)}, State: outbound.ContactPending,
		})
	}
	c := outbound.Campaign{ID: id, Name: id, Script: "pay", State: outbound.CampaignDraft, Created: ten}
	if err := s.Outbound().Create(t.Context(), c, list); err != nil {
		t.Fatal(err)
	}
	if err := s.Outbound().SetState(t.Context(), id, outbound.CampaignRunning); err != nil {
		t.Fatal(err)
	}
	return list
}

func pass(outbound.Facts) error { return nil }

func house(f outbound.Facts) error { return outbound.HouseGate().Check(f, ten) }

func TestReserveWritesTheAttemptOnlyIfTheGateAgrees(t *testing.T) {
	s := open(t)
	o, ctx := s.Outbound(), t.Context()
	c := campaign(t, s, "a", 1)[0]
	no := errors.New("no")
	if _, err := o.Reserve(ctx, c.ID, ten, func(outbound.Facts) error { return no }); !errors.Is(err, no) {
		t.Fatalf("Reserve = %v", err)
	}
	if r, _ := o.Report(ctx, "a"); len(r.Attempts) != 0 || r.Contacts[0].State != outbound.ContactPending {
		t.Fatalf("a refused call left a trace: %+v", r)
	}
	a, err := o.Reserve(ctx, c.ID, ten, house)
	if err != nil || a.State != outbound.AttemptDialling || a.Number != c.Number {
		t.Fatalf("Reserve = %+v, %v", a, err)
	}
	if _, err := o.Reserve(ctx, c.ID, ten, pass); err == nil {
		t.Error("the database let a second open attempt in")
	}
	if err := o.Close(ctx, a.ID, outbound.Result{Disposition: outbound.Confirmed, Conversation: "conv", Ended: ten}); err != nil {
		t.Fatal(err)
	}
	if err := o.Close(ctx, a.ID, outbound.Result{}); !errors.Is(err, outbound.ErrNotFound) {
		t.Errorf("closing twice gave %v", err)
	}
	r, err := o.Report(ctx, "a")
	if err != nil || r.Campaign.State != outbound.CampaignDone || r.Dispositions()[outbound.Confirmed] != 1 || r.States()[outbound.ContactDone] != 1 {
		t.Errorf("report = %+v, %v", r, err)
	}
}

func TestARetryComesLaterAndTheGateCountsIt(t *testing.T) {
	s := open(t)
	o, ctx := s.Outbound(), t.Context()
	c := campaign(t, s, "a", 1)[0]
	a, err := o.Reserve(ctx, c.ID, ten, house)
	if err != nil {
		t.Fatal(err)
	}
	later := ten.Add(outbound.Retry)
	if err := o.Close(ctx, a.ID, outbound.Result{Disposition: outbound.Busy, Ended: ten, RetryAt: later}); err != nil {
		t.Fatal(err)
	}
	if due, _ := o.Due(ctx, ten.Add(time.Minute), 5); len(due) != 0 {
		t.Errorf("due too early: %+v", due)
	}
	if due, _ := o.Due(ctx, later, 5); len(due) != 1 {
		t.Errorf("%d due, want 1", len(due))
	}
	if _, err := o.Reserve(ctx, c.ID, later.Add(4*time.Hour), func(f outbound.Facts) error {
		return outbound.HouseGate().Check(f, later.Add(4*time.Hour))
	}); !errors.Is(err, outbound.ErrFrequency) {
		t.Errorf("the second call of a day gave %v", err)
	}
}

func TestOrphansBecomeUnknownAndAreNeverRedialled(t *testing.T) {
	s := open(t)
	o, ctx := s.Outbound(), t.Context()
	c := campaign(t, s, "a", 1)[0]
	if _, err := o.Reserve(ctx, c.ID, ten, house); err != nil {
		t.Fatal(err)
	}
	lost, err := o.Orphans(ctx, ten.Add(time.Minute))
	if err != nil || len(lost) != 1 || lost[0].State != outbound.AttemptUnknown {
		t.Fatalf("Orphans = %+v, %v", lost, err)
	}
	if due, _ := o.Due(ctx, ten.Add(240*time.Hour), 5); len(due) != 0 {
		t.Errorf("an orphan is due again: %+v", due)
	}
	second := campaign(t, s, "b", 1)[0] // the same number on another list
	if _, err := o.Reserve(ctx, second.ID, ten.Add(time.Hour), house); !errors.Is(err, outbound.ErrInProgress) {
		t.Errorf("a number of unknown fate passed the gate: %v", err)
	}
}

func TestPayingCancelsAndTheListRefuses(t *testing.T) {
	s := open(t)
	o, ctx := s.Outbound(), t.Context()
	list := campaign(t, s, "a", 3)
	if n, err := o.CancelFact(ctx, "order", "1000", "paid"); n != 1 || err != nil {
		t.Fatalf("CancelFact = %d, %v", n, err)
	}
	if _, err := o.Reserve(ctx, list[0].ID, ten, house); !errors.Is(err, outbound.ErrNotNeeded) {
		t.Errorf("a paid order passed the gate: %v", err)
	}
	if err := o.Add(ctx, list[1].Number, "asked", ten); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Reserve(ctx, list[1].ID, ten, house); !errors.Is(err, outbound.ErrDoNotCall) {
		t.Errorf("a listed number passed the gate: %v", err)
	}
	if yes, err := o.Listed(ctx, list[1].Number); !yes || err != nil {
		t.Errorf("Listed = %v, %v", yes, err)
	}
	if err := o.SetState(ctx, "a", outbound.CampaignCancelled); err != nil {
		t.Fatal(err)
	}
	if err := o.SetState(ctx, "a", outbound.CampaignRunning); !errors.Is(err, outbound.ErrState) {
		t.Errorf("a cancelled campaign was started: %v", err)
	}
	if err := o.SetState(ctx, "nobody", outbound.CampaignRunning); !errors.Is(err, outbound.ErrNotFound) {
		t.Errorf("an unknown campaign gave %v", err)
	}
}
