package bench

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"waggle/tts"
)

// script drives sherpa-onnx from Python; Waggle itself needs no Python.
//
//go:embed peer.py
var script string

// ErrPeer says that the other program is missing or failed.
var ErrPeer = errors.New("the peer failed: --peer takes a Python that has sherpa_onnx (pip install sherpa-onnx)")

// Peer is sherpa-onnx with a voice loaded, in a process of its own.
type Peer struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

// StartPeer loads the voice at path with the sherpa_onnx of a Python. Errors:
// ErrPeer.
func StartPeer(ctx context.Context, python, path string) (*Peer, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", script, full)
	cmd.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPeer, err)
	}
	p := &Peer{cmd: cmd, in: in, out: bufio.NewScanner(out)}
	if !p.out.Scan() {
		return nil, errors.Join(fmt.Errorf("%w: it did not load %s", ErrPeer, path), p.Close())
	}
	return p, nil
}

// Close ends the process.
func (p *Peer) Close() error {
	err := p.in.Close()
	for p.out.Scan() { // let it finish writing
	}
	if wait := p.cmd.Wait(); wait != nil {
		err = errors.Join(err, fmt.Errorf("%w: %w", ErrPeer, wait))
	}
	return err
}

// job is one sentence for peer.py.
type job struct {
	Text     string   `json:"text"`
	Phonemes []string `json:"phonemes,omitempty"`
	Speaker  int      `json:"speaker"`
	Speed    float32  `json:"speed"`
}

// result is what peer.py made of it.
type result struct {
	Samples int     `json:"samples"`
	Rate    int     `json:"rate"`
	WallS   float64 `json:"wall_s"`
	CPUS    float64 `json:"cpu_s"`
	FirstS  float64 `json:"first_s"`
}

// jobOf gives the peer the text as the voice reads it, and phonemes where the
// voice has them from espeak-ng.
func jobOf(ctx context.Context, s tts.Synthesizer, text string, v tts.Voice) (job, error) {
	j := job{Text: text, Speed: max(v.Speed, 0)}
	if j.Speed == 0 {
		j.Speed = 1
	}
	j.Speaker, _ = strconv.Atoi(v.Name) // a peer knows no names; the first speaker then
	if f, ok := s.(Former); ok {
		j.Text = f.Form(text)
	}
	var err error
	if ph, ok := s.(Phonemic); ok {
		j.Phonemes, err = ph.Phonemes(ctx, text)
	}
	return j, err
}

func (p *Peer) say(j job) (result, error) {
	var r result
	line, err := json.Marshal(j)
	if err != nil {
		return r, err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return r, fmt.Errorf("%w: %w", ErrPeer, err)
	}
	if !p.out.Scan() {
		return r, fmt.Errorf("%w: it ended at %q", ErrPeer, j.Text)
	}
	if err := json.Unmarshal(p.out.Bytes(), &r); err != nil {
		return r, fmt.Errorf("%w: it wrote %q", ErrPeer, p.out.Text())
	}
	return r, nil
}
