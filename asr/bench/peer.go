package bench

import (
	"bytes"
	"context"
	_ "embed" // the script
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"waggle/audio"
)

//go:embed peer.py
var peerScript string

// ErrPeer says that sherpa-onnx could not be run beside.
var ErrPeer = errors.New("bench: sherpa-onnx could not be measured")

// Peer is what sherpa-onnx does with the same model and sound, one thread.
type Peer struct {
	Version        string    `json:"version"`
	RTF            float64   `json:"rtf"`
	CPURTF         float64   `json:"cpu_rtf"`
	Together       []Density `json:"together"`
	StreamsPerCore float64   `json:"streams_per_core"`
	FinalP50       float64   `json:"final_ms_p50"`
	FinalP95       float64   `json:"final_ms_p95"`
}

// Beside is how many times better than the peer a report is: above 1 Waggle
// is faster or carries more. Both hear the same sound and push out the last
// words with 0.3 s more.
type Beside struct {
	Speed          float64 `json:"speed"` // processor time of one stream
	StreamsPerCore float64 `json:"streams_per_core"`
	// Together compares equal numbers of streams at once.
	Together []float64 `json:"together"`
	// OverOne is Waggle's best density over the peer's with one stream.
	OverOne float64 `json:"over_one"`
}

// Against compares a report to the peer's.
func (r Report) Against(p Peer) Beside {
	b := Beside{Speed: ratio(p.CPURTF, r.CPURTF), StreamsPerCore: ratio(r.StreamsPerCore, p.StreamsPerCore)}
	for i := range min(len(r.Together), len(p.Together)) {
		b.Together = append(b.Together, ratio(r.Together[i].PerCore, p.Together[i].PerCore))
	}
	if len(p.Together) > 0 {
		b.OverOne = ratio(r.StreamsPerCore, p.Together[0].PerCore)
	}
	return b
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// HasPeer reports whether that Python can import sherpa_onnx.
func HasPeer(ctx context.Context, python string) bool {
	return exec.CommandContext(ctx, python, "-c", "import sherpa_onnx, numpy").Run() == nil
}

// RunPeer measures sherpa-onnx with a model folder, on the same sound in the
// same portions as Run. Error: ErrPeer.
func RunPeer(ctx context.Context, python, model string, pcm []int16, utterances int, together []int) (p Peer, err error) {
	folder, err := os.MkdirTemp("", "waggle-bench")
	if err != nil {
		return p, fmt.Errorf("%w: %w", ErrPeer, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	sound := filepath.Join(folder, "sound.wav")
	if err := writeWAV(sound, pcm); err != nil {
		return p, fmt.Errorf("%w: %w", ErrPeer, err)
	}
	counts := make([]string, len(together))
	for i, n := range together {
		counts[i] = strconv.Itoa(n)
	}
	c := exec.CommandContext(ctx, python, "-", "--model", model, "--wav", sound, "-n", strconv.Itoa(utterances),
		"--together", strings.Join(counts, ","), "--utterance", seconds(Utterance.Seconds()), "--pause", seconds(endpoint.Seconds()))
	var out, complaint bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(peerScript), &out, &complaint
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	if err := c.Run(); err != nil {
		return p, fmt.Errorf("%w with %s: %w: %s", ErrPeer, python, err, lastLine(complaint.String()))
	}
	if err := json.Unmarshal(out.Bytes(), &p); err != nil {
		return p, fmt.Errorf("%w: its report: %w", ErrPeer, err)
	}
	return p, nil
}

func writeWAV(path string, pcm []int16) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w, err := audio.NewWAVWriter(f, rate, 1)
	if err != nil {
		return err
	}
	return errors.Join(w.Write(pcm), w.Close())
}

func seconds(v float64) string { return strconv.FormatFloat(v, 'f', 3, 64) }

// lastLine of a Python traceback is the exception.
func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}
