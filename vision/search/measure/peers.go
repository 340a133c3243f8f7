package measure

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

//go:embed peers.py
var peersScript string

// Peer is another library on the same vectors and queries, one thread, the
// same number of links; its search is widened until it has the recall.
type Peer struct {
	Name     string  `json:"name"`
	BuildCPU float64 `json:"build_cpu_s"`
	Width    int     `json:"width"`
	Bytes    int64   `json:"bytes_per_million"`
	Timing
}

// peers writes the vectors to files for the script and reads its figures.
func peers(ctx context.Context, o BenchOptions, w *world, queries [][]float32, truth [][]string) (_ []Peer, err error) {
	dir, err := os.MkdirTemp("", "waggle-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	err = errors.Join(
		vectorFile(filepath.Join(dir, "base.f32"), o.Vectors, func(i int) any { return w.photo(i/photosPerProduct, i%photosPerProduct) }),
		vectorFile(filepath.Join(dir, "queries.f32"), len(queries), func(i int) any { return queries[i] }),
		vectorFile(filepath.Join(dir, "truth.i32"), len(truth), func(i int) any { return numbers(truth[i]) }),
	)
	if err != nil {
		return nil, err
	}
	o.Log("peers: building")
	c := exec.CommandContext(ctx, o.Peer, "-c", peersScript, dir, strconv.Itoa(o.Dim))
	c.Stderr = os.Stderr
	c.Env = append(os.Environ(), "OMP_NUM_THREADS=1")
	raw, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("peers: %s: %w (it needs numpy and hnswlib or faiss-cpu)", o.Peer, err)
	}
	var out []Peer
	return out, json.Unmarshal(raw, &out)
}

func numbers(keys []string) []int32 {
	out := make([]int32, len(keys))
	for i, k := range keys {
		n, _ := strconv.Atoi(k) // written by load
		out[i] = int32(n)
	}
	return out
}

func vectorFile(path string, n int, row func(i int) any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for i := range n {
		if err := binary.Write(w, binary.LittleEndian, row(i)); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
