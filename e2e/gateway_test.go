// Package e2e calls the real binary with real peers: a SIP phone (baresip), a
// load generator (SIPp), a browser (Chromium). Everything stays on loopback.
// A peer that is not installed skips its tests and says so; `make setup-test`
// installs them all.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is bin/waggle, built once for all tests; `make test` has built it
// already and names it in WAGGLE_BINARY.
var built = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("WAGGLE_BINARY"); path != "" {
		return path, nil
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return "", err
	}
	out := filepath.Join(root, "bin", "waggle")
	build := exec.Command("go", "build", "-o", out, "./cmd/waggle")
	build.Dir = root
	if msg, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w: %s", err, msg)
	}
	return out, nil
})

func waggle(t *testing.T) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run executes the binary and returns stdout, stderr and the exit code.
func run(t *testing.T, args ...string) (string, string, int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, waggle(t), args...)
	c.Dir = ".." // where lib/ is
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// must is run for commands that have to succeed.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := run(t, args...)
	if code != 0 {
		t.Fatalf("waggle %s: exit %d: %s", strings.Join(args, " "), code, errs)
	}
	return out
}

// need skips the test if a peer is not installed.
func need(t *testing.T, peer string) string {
	t.Helper()
	path, err := exec.LookPath(peer)
	if err != nil {
		t.Skipf("%s is not installed; make setup-test installs it", peer)
	}
	return path
}

// port finds a free one for both UDP and TCP.
func port(t *testing.T) int {
	t.Helper()
	for range 50 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		p := l.Addr().(*net.TCPAddr).Port
		u, err := net.ListenPacket("udp", fmt.Sprintf("127.0.0.1:%d", p))
		_ = l.Close()
		if err == nil {
			_ = u.Close()
			return p
		}
	}
	t.Fatal("no free port")
	return 0
}

// gateway is a running `waggle serve`.
type gateway struct {
	t    *testing.T
	dir  string
	web  string // http://host:port
	sip  int
	key  string
	cmd  *exec.Cmd
	log  *syncBuffer
	more string // further YAML
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// serve starts a gateway on a fresh data directory; it ends with the test.
func serve(t *testing.T, more string) *gateway {
	t.Helper()
	g := &gateway{t: t, dir: t.TempDir(), sip: port(t), log: &syncBuffer{}, more: more}
	g.web = fmt.Sprintf("http://127.0.0.1:%d", port(t))
	g.start()
	t.Cleanup(func() {
		g.stop(syscall.SIGKILL)
		if t.Failed() {
			t.Logf("log of the gateway:\n%s", g.log)
		}
	})
	return g
}

func (g *gateway) start() {
	g.t.Helper()
	config := filepath.Join(g.dir, "waggle.yaml")
	yaml := fmt.Sprintf("data_dir: %s\nhttp: {listen: %q}\nops: {listen: \"127.0.0.1:%d\"}\nwebrtc: {ports: 42000-42999}\n%s\n",
		filepath.Join(g.dir, "data"), strings.TrimPrefix(g.web, "http://"), port(g.t), g.sipConfig())
	if err := os.WriteFile(config, []byte(yaml), 0o600); err != nil {
		g.t.Fatal(err)
	}
	g.cmd = exec.Command(waggle(g.t), "serve", "--config", config)
	g.cmd.Dir = ".."
	g.cmd.Stderr = g.log
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		g.t.Fatal(err)
	}
	if err := g.cmd.Start(); err != nil {
		g.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() { // the welcome ends with how to stop it
		if text := strings.TrimSpace(lines.Text()); strings.HasPrefix(text, "waggle_") {
			g.key = text
		}
		if strings.HasPrefix(lines.Text(), "Stop with") {
			break
		}
	}
	go func() { // keep the pipe empty
		for lines.Scan() {
		}
	}()
	g.ready()
}

// sipConfig is the sip section, with what the test adds below it.
func (g *gateway) sipConfig() string {
	return fmt.Sprintf("sip:\n  listen: [\"udp://127.0.0.1:%d\", \"tcp://127.0.0.1:%d\"]\n%s", g.sip, g.sip, g.more)
}

// ready waits until the gateway takes work.
func (g *gateway) ready() {
	g.t.Helper()
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if r, err := http.Get(g.web + "/readyz"); err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
		if g.cmd.ProcessState != nil {
			break
		}
		time.Sleep(50 * time.Millisecond) // another process: there is no event to wait for
	}
	g.t.Fatalf("the gateway did not get ready:\n%s", g.log)
}

// stop ends the process and reports its exit code.
func (g *gateway) stop(sig syscall.Signal) int {
	if g.cmd.ProcessState != nil {
		return g.cmd.ProcessState.ExitCode()
	}
	_ = g.cmd.Process.Signal(sig)
	_ = g.cmd.Wait()
	return g.cmd.ProcessState.ExitCode()
}

// transfer is one attempt to reach a person by phone.
type transfer struct{ State, Way string }

// record is a line of `waggle calls --json`.
type record struct {
	Call      string
	Door      string
	From      string
	Outcome   string
	Transfers []transfer
	Turns     []struct {
		User    string
		Event   string
		Reply   string
		Photo   string
		Heard   *string
		Latency int64 `json:"latency_ms"`
		Sources []struct {
			Kind, ID string
			Facts    []string
		}
	}
}

func (g *gateway) calls() []record {
	g.t.Helper()
	var list []record
	for line := range strings.Lines(must(g.t, "calls", "--json", "--data", filepath.Join(g.dir, "data"))) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			g.t.Fatalf("not JSON: %s", line)
		}
		list = append(list, r)
	}
	return list
}

// await asks until a condition holds; what it waits for happens in another
// process.
func await(t *testing.T, what string, limit time.Duration, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("waited %v in vain: %s", limit, what)
}
