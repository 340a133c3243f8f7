package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

// stand is an executable that answers as the peer script would.
func stand(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPeerIsGivenTheSameSoundAndPortions(t *testing.T) {
	python := stand(t, `
cat > /dev/null
test "$1 $2 $3" = "- --model m" && test -s "$5" || exit 1
test "$7 $9 ${11} ${13}" = "8 1,4 `+seconds(Utterance.Seconds())+" "+seconds(endpoint.Seconds())+`" || { echo "got $*" >&2; exit 1; }
echo '{"version":"9","cpu_rtf":0.02,"together":[{"streams":1,"per_core":50},{"streams":4,"per_core":80}],"streams_per_core":80,"final_ms_p50":2}'
`)
	p, err := RunPeer(context.Background(), python, "m", Voice(time.Second), 8, []int{1, 4})
	if err != nil {
		t.Fatal(err)
	}
	ours := Report{CPURTF: 0.01, StreamsPerCore: 160, FinalP50: 1, Together: []Density{{Streams: 1, PerCore: 100}, {Streams: 4, PerCore: 160}}}
	want := Beside{Speed: 2, StreamsPerCore: 2, Together: []float64{2, 2}, OverOne: 3.2}
	if got := ours.Against(p); !reflect.DeepEqual(got, want) {
		t.Errorf("against %+v: %+v, want %+v", p, got, want)
	}
}

func TestAPeerThatFailsSaysWhy(t *testing.T) {
	for name, script := range map[string]string{
		"no module": `cat > /dev/null; echo "Traceback" >&2; echo "ModuleNotFoundError: sherpa_onnx" >&2; exit 1`,
		"no report": `cat > /dev/null; echo hello`,
	} {
		if _, err := RunPeer(context.Background(), stand(t, script), "m", Voice(time.Second), 1, []int{1}); !errors.Is(err, ErrPeer) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if HasPeer(context.Background(), filepath.Join(t.TempDir(), "python")) {
		t.Error("a Python that is not there has sherpa-onnx")
	}
}

func TestRatiosOfNothingAreNothing(t *testing.T) {
	if got := (Report{}).Against(Peer{}); got.Speed != 0 || got.OverOne != 0 || got.StreamsPerCore != 0 {
		t.Errorf("%+v", got)
	}
}
