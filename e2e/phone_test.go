package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waggle/audio"
)

// baresip is a phone with a number, on a port of its own.
type baresip struct {
	t    *testing.T
	dir  string
	port int
	log  *syncBuffer
}

// newPhone prepares a phone that speaks a recording into its calls and records
// what it hears. answer makes it take calls by itself.
func newPhone(t *testing.T, number, recording string, answer bool) *baresip {
	t.Helper()
	p := &baresip{t: t, dir: t.TempDir(), port: port(t), log: &syncBuffer{}}
	mode := "manual"
	if answer {
		mode = "auto"
	}
	modules := "/usr/lib/baresip/modules"
	if found, err := filepath.Glob("/usr/lib/*/baresip/modules"); err == nil && len(found) > 0 {
		modules = found[0]
	}
	config := fmt.Sprintf(`sip_listen 127.0.0.1:%d
net_interface 127.0.0.1
module_path %s
module stdio.so
module g711.so
module aufile.so
module uuid.so
module sndfile.so
module_app account.so
module_app menu.so
audio_source aufile,%s
audio_player aufile,%s
audio_path /usr/share/baresip
audio_srate 8000
audio_channels 1
audio_txmode poll
snd_path %s
rtp_ports 43000-43999
call_max_calls 4
`, p.port, modules, recording, filepath.Join(p.dir, "heard.wav"), p.dir)
	account := fmt.Sprintf("<sip:%s@127.0.0.1>;regint=0;answermode=%s;audio_codecs=PCMA\n", number, mode)
	for name, text := range map[string]string{"config": config, "accounts": account, "contacts": ""} {
		if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// start runs the phone until the test ends, or for a time; commands are typed.
func (p *baresip) start(ctx context.Context, limit time.Duration, commands ...string) func() {
	p.t.Helper()
	args := []string{"-f", p.dir, "-t", fmt.Sprint(int(limit.Seconds()))}
	for _, c := range commands {
		args = append(args, "-e", c)
	}
	c := exec.CommandContext(ctx, "baresip", args...)
	c.Stdout, c.Stderr = p.log, p.log
	stdin, err := c.StdinPipe() // an open one: at its end the phone would leave
	if err != nil {
		p.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		p.t.Fatal(err)
	}
	return func() {
		_ = stdin.Close()
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait()
		if p.t.Failed() {
			p.t.Logf("log of the phone:\n%s", p.log)
		}
	}
}

// heard is the recording of what came from the line.
func (p *baresip) heard() string {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "dump-*-dec.wav"))
	if err != nil || len(files) == 0 {
		p.t.Fatalf("the phone recorded nothing: %v\n%s", err, p.log)
	}
	return files[len(files)-1]
}

// ask makes a recording of a question in the gateway's own voice, with
// silence before it (the greeting) and after it (the answer). It shows that
// the whole chain works, not how well strangers are understood: for that there
// is `waggle eval asr`.
func ask(t *testing.T, before, after time.Duration, text string) string {
	t.Helper()
	dir := t.TempDir()
	said := filepath.Join(dir, "said.wav")
	must(t, "speak", "--rate", "8000", "-o", said, text)
	in, err := os.Open(said)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	words, err := audio.ReadWAV(in, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	padded := filepath.Join(dir, "padded.wav")
	out, err := os.Create(padded)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := audio.NewWAVWriter(out, words.Rate, 1)
	if err != nil {
		t.Fatal(err)
	}
	quiet := func(d time.Duration) []int16 { return make([]int16, int(d.Seconds()*float64(words.Rate))) }
	for _, part := range [][]int16{quiet(before), words.Mono(), quiet(after)} {
		if err := w.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return padded
}

func TestAPhoneAsksForItsParcelAndHearsWhereItIs(t *testing.T) {
	need(t, "baresip")
	g := serve(t, "voice: {record: true}\n")
	p := newPhone(t, "13800000001", ask(t, 14*time.Second, 20*time.Second, "我的快递到哪了"), false)
	stop := p.start(t.Context(), 90*time.Second, fmt.Sprintf("/dial sip:waggle@127.0.0.1:%d", g.sip))
	await(t, "an answer from a parcel record", 80*time.Second, func() bool { return parcelAnswer(g) != "" })
	await(t, "the call to end or the answer to be spoken", 30*time.Second, func() bool {
		calls := g.calls()
		last := calls[len(calls)-1]
		return last.Outcome != "" || last.Turns[len(last.Turns)-1].Latency > 0
	})
	time.Sleep(10 * time.Second) // let the phone hear the answer: it is being spoken
	stop()
	want := parcelAnswer(g)
	got := must(t, "transcribe", p.heard())
	t.Logf("answer: %s\nheard on the phone: %s", want, got)
	if n := shared(want, got); n < 0.5 {
		t.Errorf("only %.0f %% of the answer was heard on the phone", 100*n)
	}
}

// parcelAnswer is the reply that stands on a parcel record, "" if none does yet.
func parcelAnswer(g *gateway) string {
	for _, c := range g.calls() {
		for _, turn := range c.Turns {
			for _, s := range turn.Sources {
				if s.Kind == "parcel" {
					return turn.Reply
				}
			}
		}
	}
	return ""
}

// shared is the part of the pairs of neighbouring characters of want that also
// occur in got.
func shared(want, got string) float64 {
	runes := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune("，。！？、： \n", r) {
			return -1
		}
		return r
	}, want))
	n := 0
	for i := range len(runes) - 1 {
		if strings.Contains(got, string(runes[i:i+2])) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(runes)-1))
}

func TestSIPpPlacesFiftyCalls(t *testing.T) {
	need(t, "sipp")
	g := serve(t, "voice: {calls: 60, record: false}\n")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sipp", "-sn", "uac", fmt.Sprintf("127.0.0.1:%d", g.sip), "-i", "127.0.0.1",
		"-p", fmt.Sprint(port(t)), "-m", "50", "-r", "10", "-d", "300", "-nostdin", "-trace_err")
	c.Dir = t.TempDir()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("sipp: %v\n%s", err, tail(string(out)))
	}
	await(t, "50 calls in the log", 30*time.Second, func() bool { return len(g.calls()) == 50 })
}

func tail(s string) string {
	if len(s) > 3000 {
		return s[len(s)-3000:]
	}
	return s
}

func TestCallsBeyondCapacityAreTurnedAway(t *testing.T) {
	need(t, "sipp")
	g := serve(t, "voice: {calls: 3, record: false}\n")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "sipp", "-sn", "uac", fmt.Sprintf("127.0.0.1:%d", g.sip), "-i", "127.0.0.1",
		"-p", fmt.Sprint(port(t)), "-m", "10", "-r", "10", "-d", "4000", "-nostdin", "-trace_err")
	c.Dir = t.TempDir()
	out, _ := c.CombinedOutput() // exits 1: some calls failed, as they should
	errs, _ := filepath.Glob(filepath.Join(c.Dir, "*_errors.log"))
	if len(errs) == 0 {
		t.Fatalf("no call was refused:\n%s", tail(string(out)))
	}
	text, err := os.ReadFile(errs[0])
	if err != nil || !strings.Contains(string(text), "503") || !strings.Contains(string(text), "Retry-After") {
		t.Errorf("refused calls did not get 503 with Retry-After: %v %s", err, tail(string(text)))
	}
	if n := len(g.calls()); n != 3 {
		t.Errorf("%d calls were held, want 3", n)
	}
}
