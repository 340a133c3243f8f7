package rehearse_test

import (
	"strings"
	"testing"
	"time"

	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
)

// least is the share of the tasks that must pass, those that are known to fail
// included; violations may be none.
const least = 0.9

// Shoppers' errands end in the right records, and no rule of the house is
// broken on the way.
func TestTasks(t *testing.T) {
	tasks, err := rehearse.BuiltinTasks()
	if err != nil {
		t.Fatal(err)
	}
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	report, results, err := rehearse.MeasureTasks(t.Context(), tasks,
		rehearse.TaskOptions{Understander: understander, Now: func() time.Time { return opensAt }})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		switch {
		case r.Passed() && r.Known != "":
			t.Logf("%s: passes now; take its known away", r.Name)
		case !r.Passed() && r.Known == "":
			t.Errorf("%s: %v\n%s", r.Name, r.Err(), strings.Join(r.Transcript, "\n"))
		}
	}
	if report.Violations > 0 {
		t.Errorf("%d violations: %v", report.Violations, report.Broken)
	}
	if report.Share() < least {
		t.Errorf("%d of %d tasks passed", report.Passed, report.Tasks)
	}
}
