package rehearse_test

import (
	"log/slog"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
	"waggle/shop/demo"
)

// opensAt is a Friday afternoon in China.
var opensAt = time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("CST", 8*3600))

// Every scripted conversation says what it must and leaves the shop's records
// as they must be, and the guard holds back not one sentence.
func TestScripts(t *testing.T) {
	scripts, err := rehearse.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return opensAt }
	for _, s := range scripts {
		t.Run(s.Name, func(t *testing.T) {
			shop, err := demo.Open(demo.Options{Now: now})
			if err != nil {
				t.Fatal(err)
			}
			faults := &countErrors{Handler: slog.NewTextHandler(t.Output(), nil)}
			engine, err := flow.Open(t.Context(), dialog.Options{
				Shop: shop, Understander: understander, Now: now, Recording: true, Log: slog.New(faults),
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Play(t.Context(), rehearse.Stage{Shop: shop, Engine: engine}); err != nil {
				t.Error(err)
			}
			if n := faults.n.Load(); n > 0 {
				t.Errorf("%d faults were logged", n)
			}
		})
	}
}
