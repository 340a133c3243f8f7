package outbound_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/outbound"
	"waggle/store"
)

// The short form of HARDENING.md K01: a campaign is killed with SIGKILL again
// and again while it calls. No number may be dialled twice, none may be lost.
const (
	crashContacts = 300
	crashKills    = 25
)

const crashEnv = "WAGGLE_TEST_CRASH_DIR"

// fileCaller writes every number it "dials" to a file, durably enough for a
// killed process: a completed write survives the process that made it.
type fileCaller struct{ f *os.File }

func (c fileCaller) Call(_ context.Context, a outbound.Attempt, _ dialog.Script) outbound.Result {
	fmt.Fprintln(c.f, a.Number)
	return outbound.Result{Disposition: outbound.Confirmed}
}

// TestCrashChild is the process that gets killed; it does nothing on its own.
func TestCrashChild(t *testing.T) {
	dir := os.Getenv(crashEnv)
	if dir == "" {
		t.Skip("only runs as the child of TestKilledCampaignsDialNobodyTwice")
	}
	s, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "dialled"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(time.Millisecond)
	r := &outbound.Runner{
		Ledger: s.Outbound(), Contacts: s.Outbound(), Caller: fileCaller{f}, Gate: outbound.HouseGate(),
		Pacer: outbound.NewPacer(1e6, 1000), Lines: 3, Now: func() time.Time { return ten }, Tick: tick.C,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	// The rescue compares with the clock: attempts of the last life are older.
	r.Now = func() time.Time { return ten.Add(time.Since(start)) }
	if err := r.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
}

var start = time.Now()

func TestKilledCampaignsDialNobodyTwice(t *testing.T) {
	dir := t.TempDir()
	s, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	numbers := make([]string, crashContacts)
	for i := range numbers {
		numbers[i] = fmt.Sprintf("+8613900000%03d", i)
	}
	list(t, s.Outbound(), append(numbers, "+8613999999999")...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range crashKills {
		killOnce(t, dir)
	}
	dialled := read(t, filepath.Join(dir, "dialled"))
	for n, times := range dialled {
		if times > 1 {
			t.Errorf("%s was dialled %d times", n, times)
		}
	}
	checkLedger(t, dir, dialled)
}

// killOnce starts the child, waits until it has dialled a few more people,
// and kills it at a random moment after that.
func killOnce(t *testing.T, dir string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = append(os.Environ(), crashEnv+"="+dir)
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	before := len(read(t, filepath.Join(dir, "dialled")))
	deadline := time.Now().Add(20 * time.Second)
	for len(read(t, filepath.Join(dir, "dialled"))) < before+3 && before < crashContacts-10 && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond) // another process: there is no event to wait for
	}
	time.Sleep(time.Duration(rand.IntN(8000)) * time.Microsecond)
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
}

func checkLedger(t *testing.T, dir string, dialled map[string]int) {
	t.Helper()
	s, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Outbound().Orphans(t.Context(), ten.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	r, err := s.Outbound().Report(t.Context(), "c")
	if err != nil {
		t.Fatal(err)
	}
	onRecord := map[string]bool{}
	for _, a := range r.Attempts {
		if a.State == outbound.AttemptDialling {
			t.Errorf("attempt to %s is still open", a.Number)
		}
		onRecord[a.Number] = true
	}
	for n := range dialled {
		if !onRecord[n] {
			t.Errorf("%s was dialled without an attempt on record", n)
		}
	}
	if len(dialled) < 3*crashKills/2 {
		t.Errorf("only %d numbers were dialled in %d lives: the test proves little", len(dialled), crashKills)
	}
	t.Logf("%d kills, %d dialled, states %v", crashKills, len(dialled), r.States())
}

func read(t *testing.T, path string) map[string]int {
	t.Helper()
	f, err := os.Open(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := map[string]int{}
	for sc := bufio.NewScanner(f); sc.Scan(); {
		n[sc.Text()]++
	}
	return n
}
