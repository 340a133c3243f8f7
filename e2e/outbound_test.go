package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// workingZone is a time zone in which it is ten in the morning now, so that
// the calling window is open whenever the test runs.
func workingZone(t *testing.T) string {
	t.Helper()
	offset := 10 - time.Now().UTC().Hour()
	if offset > 14 {
		offset -= 24
	}
	if offset < -12 {
		offset += 24
	}
	name := fmt.Sprintf("Etc/GMT%+d", -offset) // the sign is reversed there
	if offset == 0 {
		name = "Etc/GMT"
	}
	if _, err := time.LoadLocation(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// remind imports a list with one consenting contact and one without consent,
// starts it and waits for the first one's outcome.
func remind(t *testing.T, g *gateway, number string) string {
	t.Helper()
	data, zone := filepath.Join(g.dir, "data"), workingZone(t)
	list := filepath.Join(t.TempDir(), "list.csv")
	rows := "number,zone,name,order,amount,consent,consent_at,consent_proof\n" +
		number + "," + zone + ",王芳,2026112001,59.00,reminder,2026-11-01,order form\n" +
		"13900000999," + zone + ",nobody,2026112002,10.00,,,\n"
	if err := os.WriteFile(list, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	out := must(t, "campaign", "import", "--data", data, "--script", "pay", list)
	id := regexp.MustCompile(`campaign ([0-9a-f-]{36}):`).FindStringSubmatch(out)
	if id == nil {
		t.Fatalf("import said: %s", out)
	}
	must(t, "campaign", "start", "--data", data, id[1])
	report := ""
	await(t, "the reminder to be over", 100*time.Second, func() bool {
		report = must(t, "campaign", "report", "--data", data, id[1])
		return strings.Contains(report, " done")
	})
	if !strings.Contains(report, "no proof of consent") || strings.Count(report, "closed") != 1 {
		t.Errorf("report:\n%s", report)
	}
	return report
}

func reminding(t *testing.T, p *baresip) *gateway {
	t.Helper()
	return serve(t, fmt.Sprintf("  trunks: [{name: line, address: \"sip:127.0.0.1:%d\", caller_id: \"4008001234\"}]\noutbound: {trunk: line}\nvoice: {record: false}\n", p.port))
}

func TestAReminderCallReachesAConsentingNumberAndHearsYes(t *testing.T) {
	need(t, "baresip")
	p := newPhone(t, "+8613900000001", ask(t, 18*time.Second, 25*time.Second, "好的，我现在就去付款"), true)
	defer p.start(t.Context(), 2*time.Minute)()
	g := reminding(t, p)
	report := remind(t, g, "+8613900000001")
	if !strings.Contains(report, "confirmed") {
		t.Errorf("report:\n%s\ncalls: %+v", report, g.calls())
	}
}

func TestWhoAsksNotToBeCalledIsOnTheListAtOnce(t *testing.T) {
	need(t, "baresip")
	p := newPhone(t, "+8613900000002", ask(t, 18*time.Second, 25*time.Second, "不要再打电话给我了"), true)
	defer p.start(t.Context(), 2*time.Minute)()
	g := reminding(t, p)
	report := remind(t, g, "+8613900000002")
	if !strings.Contains(report, "do-not-call") {
		t.Errorf("report:\n%s\ncalls: %+v", report, g.calls())
	}
	var answer struct{ Listed bool }
	g.get("/v1/do-not-call/+8613900000002", &answer)
	if !answer.Listed {
		t.Error("the number is not on the do-not-call list")
	}
}
