package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/semaphore"

	"waggle/vision/inspect"
	"waggle/vision/measure"
	"waggle/voice/bench"
)

// beside holds the calls alone and then beside uploads, with the bounds that
// serve has, and prints both reports.
func (b *benchCall) beside(c *cobra.Command, config bench.Config, uploads int, file string, asJSON bool) error {
	alone, err := b.run(c.Context(), config, file)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	storm, err := newStorm()
	if err != nil {
		return err
	}
	var senders sync.WaitGroup
	for range uploads {
		senders.Go(func() { storm.send(ctx) })
	}
	beside, err := b.run(c.Context(), config, file)
	stop()
	senders.Wait()
	if err := errors.Join(err, storm.close()); err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(c.OutOrStdout()).Encode(struct {
			Uploads int          `json:"uploads"`
			Looked  int64        `json:"photos_looked_at"`
			Alone   bench.Report `json:"alone"`
			Beside  bench.Report `json:"beside"`
		}{uploads, storm.looked.Load(), alone, beside})
	}
	fmt.Fprintln(c.OutOrStdout(), "alone:")
	if err := printBenchCall(c.OutOrStdout(), alone); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "beside %d uploads (%d photos were looked at):\n", uploads, storm.looked.Load())
	return printBenchCall(c.OutOrStdout(), beside)
}

// storm is many senders of one photo.
type storm struct {
	eyes   *inspect.Inspector
	room   *semaphore.Weighted
	file   []byte
	looked atomic.Int64
}

func newStorm() (*storm, error) {
	eyes, err := inspect.Open(inspect.Options{})
	if err != nil {
		return nil, err
	}
	file, err := measure.Photo(4032, 3024)
	if err != nil {
		return nil, errors.Join(err, eyes.Close())
	}
	return &storm{eyes: eyes, room: semaphore.NewWeighted(photosInWork()), file: file}, nil
}

func (s *storm) close() error { return s.eyes.Close() }

// send uploads again and again until the context ends.
func (s *storm) send(ctx context.Context) {
	for s.room.Acquire(ctx, 1) == nil {
		m, err := s.eyes.Intake().Decode(ctx, bytes.NewReader(s.file))
		if err == nil {
			_, err = s.eyes.Inspect(ctx, m, nil)
		}
		s.room.Release(1)
		if err == nil {
			s.looked.Add(1)
		}
	}
}
