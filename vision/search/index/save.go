package index

import (
	"bufio"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
)

// Save writes everything into the snapshot and empties the log. Each file is
// replaced in one step, and the log is emptied last: a crash at any point
// leaves an index that opens with the same items. Searches go on meanwhile.
func (x *Index) Save() error {
	x.write.Lock()
	defer x.write.Unlock()
	return x.save()
}

// save needs x.write: nobody changes the table, so it is read without a lock.
func (x *Index) save() error {
	if x.disk == nil {
		return nil
	}
	d := x.disk
	if d.size == int64(len(header(d.o.Dim, d.o.Network))) && x.g == nil && exists(d.path(snapshotFile)) && x.t.len() == x.t.live {
		return nil // nothing since the last one
	}
	sum, err := d.saveSnapshot(x.t)
	if err != nil {
		return err
	}
	if x.g != nil {
		if err := d.saveGraph(x.g, x.ef, sum); err != nil {
			return err
		}
	}
	return d.reset()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (d *disk) saveSnapshot(t *table) (sum uint32, err error) {
	err = d.replace(snapshotFile, func(w io.Writer) error {
		s := &summing{w: w}
		if _, err := s.Write(header(d.o.Dim, d.o.Network)); err != nil {
			return err
		}
		var buf []byte
		for slot := range t.len() {
			op := byte(opPut)
			if t.dead[slot] {
				op = opHusk
			}
			buf = appendRecord(buf[:0], op, t.entry(slot), d.o.Dim)
			if _, err := s.Write(buf); err != nil {
				return err
			}
		}
		sum = s.sum
		return nil
	})
	return sum, err
}

// replace writes a file beside the old one and renames it over.
func (d *disk) replace(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(d.dir, name+"-*.tmp")
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	err = errors.Join(write(w), w.Flush(), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), d.path(name))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("index: %w", err), os.Remove(f.Name()))
	}
	return syncDir(d.dir)
}

// sweep removes what a crash left of replace.
func sweep(dir string) error {
	left, err := filepath.Glob(filepath.Join(dir, "*.idx-*.tmp"))
	errs := []error{err}
	for _, p := range left {
		errs = append(errs, os.Remove(p))
	}
	return errors.Join(errs...)
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}

// summing takes the CRC-32C of what passes.
type summing struct {
	w   io.Writer
	r   io.Reader
	sum uint32
}

func (s *summing) Write(p []byte) (int, error) {
	s.sum = crc32.Update(s.sum, castagnoli, p)
	return s.w.Write(p)
}

func (s *summing) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum = crc32.Update(s.sum, castagnoli, p[:n])
	return n, err
}
