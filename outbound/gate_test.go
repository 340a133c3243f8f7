package outbound

import (
	"errors"
	"testing"
	"time"
)

// noon is inside the house window's morning in Shanghai.
var noon = time.Date(2026, 11, 20, 10, 0, 0, 0, shanghai())

func shanghai() *time.Location {
	loc, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		panic(err)
	}
	return loc
}

func goodFacts() Facts {
	return Facts{
		Campaign: Campaign{State: CampaignRunning},
		Contact: Contact{State: ContactPending, Number: "+8613800000001", Zone: "Asia/Shanghai",
			Consent: Consent{Basis: "reminder", Proof: "order 1", At: noon.Add(-48 * time.Hour)}},
	}
}

func TestTheGateRefusesEverythingThatIsNotProven(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Facts)
		at     time.Time
		want   error
	}{
		{"all in order", func(*Facts) {}, noon, nil},
		{"no consent", func(f *Facts) { f.Contact.Consent = Consent{} }, noon, ErrNoConsent},
		{"consent without proof", func(f *Facts) { f.Contact.Consent.Proof = "" }, noon, ErrNoConsent},
		{"consent from the future", func(f *Facts) { f.Contact.Consent.At = noon.Add(time.Hour) }, noon, ErrNoConsent},
		{"on the list", func(f *Facts) { f.DoNotCall = true }, noon, ErrDoNotCall},
		{"paid meanwhile", func(f *Facts) { f.Contact.State = ContactCancelled }, noon, ErrNotNeeded},
		{"paused", func(f *Facts) { f.Campaign.State = CampaignPaused }, noon, ErrNotRunning},
		{"call in progress", func(f *Facts) { f.Open = true }, noon, ErrInProgress},
		{"early", func(*Facts) {}, noon.Add(-61 * time.Minute), ErrWindow},
		{"lunch", func(*Facts) {}, noon.Add(2 * time.Hour), ErrWindow},
		{"afternoon", func(*Facts) {}, noon.Add(4 * time.Hour), nil},
		{"late", func(*Facts) {}, noon.Add(10 * time.Hour), ErrWindow},
		{"callee sleeps elsewhere", func(f *Facts) { f.Contact.Zone = "America/New_York" }, noon, ErrWindow},
		{"no zone", func(f *Facts) { f.Contact.Zone = "" }, noon, ErrWindow},
		{"unknown zone", func(f *Facts) { f.Contact.Zone = "Mars/Olympus" }, noon, ErrWindow},
		{"called today", func(f *Facts) { f.Calls = []time.Time{noon.Add(-time.Hour)} }, noon, ErrFrequency},
		{"called yesterday", func(f *Facts) { f.Calls = []time.Time{noon.Add(-25 * time.Hour)} }, noon, nil},
		{"three this week", func(f *Facts) {
			f.Calls = []time.Time{noon.Add(-25 * time.Hour), noon.Add(-50 * time.Hour), noon.Add(-100 * time.Hour)}
		}, noon, ErrFrequency},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := goodFacts()
			c.change(&f)
			if err := HouseGate().Check(f, c.at); !errors.Is(err, c.want) {
				t.Errorf("Check = %v, want %v", err, c.want)
			}
		})
	}
	if err := (Gate{}).Check(goodFacts(), noon); err == nil {
		t.Error("the zero gate let a call out")
	}
}

func TestTheWindowOpensAgain(t *testing.T) {
	for at, want := range map[time.Time]time.Time{
		noon:                     noon,
		noon.Add(-5 * time.Hour): time.Date(2026, 11, 20, 9, 0, 0, 0, shanghai()),
		noon.Add(3 * time.Hour):  time.Date(2026, 11, 20, 14, 0, 0, 0, shanghai()),
		noon.Add(11 * time.Hour): time.Date(2026, 11, 21, 9, 0, 0, 0, shanghai()),
	} {
		got, err := HouseWindow().Next(at, "Asia/Shanghai")
		if err != nil || !got.Equal(want) {
			t.Errorf("Next(%v) = %v, %v, want %v", at, got, err, want)
		}
	}
}

func TestNormalize(t *testing.T) {
	for raw, want := range map[string]string{
		"13800000001":       "+8613800000001",
		"138 0000-0001":     "+8613800000001",
		"+86 13800000001":   "+8613800000001",
		"8613800000001":     "+8613800000001",
		"008613800000001":   "+8613800000001",
		"010-12345678":      "+861012345678",
		"+1 (415) 555-0100": "+14155550100",
	} {
		if got, err := Normalize(raw); err != nil || got != want {
			t.Errorf("Normalize(%q) = %q, %v, want %q", raw, got, err, want)
		}
	}
	for _, raw := range []string{"", "abc", "123", "1380000000x", "+0123456789", "+1234567890123456", "5551234", "１３８"} {
		if got, err := Normalize(raw); !errors.Is(err, ErrInvalid) {
			t.Errorf("Normalize(%q) = %q, %v, want ErrInvalid", raw, got, err)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add("138 0000-0001")
	f.Add("+1 (415) 555-0100")
	f.Fuzz(func(t *testing.T, raw string) {
		n, err := Normalize(raw)
		if err != nil {
			return
		}
		if again, err := Normalize(n); err != nil || again != n {
			t.Errorf("Normalize is not idempotent: %q -> %q -> %q, %v", raw, n, again, err)
		}
	})
}
