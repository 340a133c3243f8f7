package phone

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/audio"
	"waggle/voice/sip"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// parrot opens a door that repeats what it hears and notes the keys.
func parrot(t *testing.T) (uri string, keys <-chan string) {
	t.Helper()
	pressed := make(chan string, 1)
	d, err := sip.Open(sip.Config{Listen: []string{"udp://127.0.0.1:0"}, Loopback: true}, func(ctx context.Context, in sip.Incoming) {
		got := ""
		for {
			f, err := in.Leg.Read(ctx)
			if err != nil {
				break
			}
			_ = in.Leg.Write(f)
			select {
			case k := <-in.Leg.DTMF():
				got += string(rune(k))
			default:
			}
		}
		pressed <- got
	}, sip.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return "sip:shop@" + d.Addrs()[0][len("udp://"):], pressed
}

// wavFile writes a tone and returns its path.
func wavFile(t *testing.T, rate int, length time.Duration) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tone.wav")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := audio.NewWAVWriter(f, rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, int(length.Seconds()*float64(rate)))
	audio.Tone{Freq: []float64{600}}.Fill(pcm, 0, rate)
	if err := errors.Join(w.Write(pcm), w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAPhonePlaysRecordsAndPressesKeys(t *testing.T) {
	uri, keys := parrot(t)
	record := filepath.Join(t.TempDir(), "heard.wav")
	report, err := Call(t.Context(), Options{URI: uri, Play: wavFile(t, 16000, 700*time.Millisecond), Record: record, Keys: "7#", Stay: 400 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if !report.Answered || report.HungUp != "us" || report.Heard < 500*time.Millisecond {
		t.Errorf("report %+v", report)
	}
	if got := <-keys; got != "7#" {
		t.Errorf("keys %q arrived", got)
	}
	f, err := os.Open(record)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	w, err := audio.ReadWAV(f, time.Minute)
	if err != nil || w.Rate != 8000 || audio.Level(w.Mono()) < -40 {
		t.Errorf("recorded %d Hz, %v dBFS, %v", w.Rate, audio.Level(w.Mono()), err)
	}
}

func TestMistakesAreNoticedBeforeAnyPhoneRings(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		want    error
	}{
		"no such file": {Options{URI: "sip:x@127.0.0.1:9", Play: "/no/such.wav"}, errPlay},
		"not a WAV":    {Options{URI: "sip:x@127.0.0.1:9", Play: "phone_test.go"}, audio.ErrNotWAV},
		"bad keys":     {Options{URI: "sip:x@127.0.0.1:9", Keys: "12x"}, ErrKeys},
		"bad address":  {Options{URI: "http://example.com"}, sip.ErrInvalidNumber},
	} {
		report, err := Call(t.Context(), c.options)
		if !errors.Is(err, c.want) || report.Answered {
			t.Errorf("%s: %v, %+v", name, err, report)
		}
	}
}
