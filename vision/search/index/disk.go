package index

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// Files of an index, in its folder.
const (
	snapshotFile = "snapshot.idx" // the table as it was at the last Save
	logFile      = "log.idx"      // what changed since
	graphFile    = "graph.idx"    // the links, for the slots of that snapshot
)

// disk is the files of an open index.
type disk struct {
	dir  string
	o    Options
	file *os.File // the log, locked against a second process
	size int64    // of its whole records
	buf  []byte
}

// Discard removes the files of an index that cannot be used any more: it holds
// nothing that the catalogue cannot give again.
func Discard(dir string) error {
	var errs []error
	for _, name := range []string{snapshotFile, graphFile, logFile} {
		if err := os.Remove(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func openDisk(dir string, x *Index) (*disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	d := &disk{dir: dir, o: x.o}
	var err error
	if d.file, err = os.OpenFile(d.path(logFile), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	if err := unix.Flock(int(d.file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("index: %s is in use by another process", dir), d.file.Close())
	}
	if err := errors.Join(sweep(dir), d.load(x)); err != nil {
		return nil, errors.Join(err, d.file.Close())
	}
	return d, nil
}

func (d *disk) path(name string) string { return filepath.Join(d.dir, name) }

func (d *disk) close() error { return d.file.Close() }

// load reads the snapshot, the graph that belongs to it, and the log.
func (d *disk) load(x *Index) error {
	sum, err := d.loadSnapshot(x.t)
	if err != nil {
		return err
	}
	if g, ef, err := d.loadGraph(x.t, sum); err == nil {
		x.g, x.ef, x.tuned = g, ef, g.n
	} // a graph that is missing or damaged is built again
	return d.replay(x.t)
}

func (d *disk) loadSnapshot(t *table) (sum uint32, err error) {
	f, err := os.Open(d.path(snapshotFile))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("index: %w", err)
	}
	defer f.Close()
	s := &summing{r: bufio.NewReaderSize(f, 1<<20)}
	if err := readHeader(s, d.o.Dim, d.o.Network); err != nil {
		return 0, fmt.Errorf("%s: %w", snapshotFile, err)
	}
	records := newReader(s, d.o.Dim)
	for {
		op, e, _, err := records.next()
		switch {
		case errors.Is(err, io.EOF):
			return s.sum, nil
		case err != nil || op == opRemove:
			return 0, fmt.Errorf("%s: %w", snapshotFile, ErrDamaged)
		case t.len() >= d.o.MaxItems:
			return 0, ErrFull
		}
		t.put(e)
		if op == opHusk {
			t.remove(e.key)
		}
	}
}

// replay applies the log and cuts off what a crash left half written.
func (d *disk) replay(t *table) error {
	info, err := d.file.Stat()
	if err != nil {
		return fmt.Errorf("index: %w", err)
	}
	head := header(d.o.Dim, d.o.Network)
	r := bufio.NewReaderSize(d.file, 1<<20)
	if info.Size() < int64(len(head)) { // new, or cut in its first write
		return d.reset()
	}
	if err := readHeader(r, d.o.Dim, d.o.Network); err != nil {
		return fmt.Errorf("%s: %w", logFile, err)
	}
	d.size = int64(len(head))
	records := newReader(r, d.o.Dim)
	for {
		op, e, n, err := records.next()
		if err != nil {
			break
		}
		if t.len() >= d.o.MaxItems {
			return ErrFull
		}
		switch op {
		case opPut:
			d.again(t, e)
		case opRemove:
			t.remove(e.key)
		}
		d.size += int64(n)
	}
	if err := d.file.Truncate(d.size); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	_, err = d.file.Seek(d.size, io.SeekStart)
	return err
}

// again puts what the snapshot may hold already: a crash between writing the
// snapshot and emptying the log.
func (d *disk) again(t *table, e entry) {
	if slot, ok := t.slots[e.key]; ok {
		old := t.entry(int(slot))
		if old.stamp == e.stamp && old.product == e.product && slices.Equal(old.row[:d.o.Dim], e.row) {
			return
		}
	}
	t.put(e)
}

// reset begins an empty log.
func (d *disk) reset() error {
	head := header(d.o.Dim, d.o.Network)
	if err := d.file.Truncate(0); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	if _, err := d.file.WriteAt(head, 0); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	d.size = int64(len(head))
	if _, err := d.file.Seek(d.size, io.SeekStart); err != nil {
		return fmt.Errorf("index: %w", err)
	}
	return d.file.Sync()
}

// log writes records behind the last whole one and waits for the disk.
func (d *disk) log(op byte, entries []entry) error {
	d.buf = d.buf[:0]
	for _, e := range entries {
		d.buf = appendRecord(d.buf, op, e, d.o.Dim)
	}
	_, err := d.file.WriteAt(d.buf, d.size)
	if err == nil {
		err = d.file.Sync()
	}
	if err != nil { // half a record must not stand before the next one
		return errors.Join(fmt.Errorf("index: %w", err), d.file.Truncate(d.size))
	}
	d.size += int64(len(d.buf))
	return nil
}
