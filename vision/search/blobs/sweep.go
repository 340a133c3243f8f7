package blobs

import (
	"bufio"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// worthSweeping is how many bytes must be dead before the file is written anew.
const worthSweeping = 1 << 20

// Forget lets go of keys, and writes the file anew once half of it is dead.
// A key that was let go is there again after a crash, and after a restart
// until the file is written anew: it costs room and nothing else.
func (f *File) Forget(keys ...string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, k := range keys {
		if p, ok := f.places[k]; ok {
			f.living -= recordSize(k, p)
			delete(f.places, k)
		}
	}
	if dead := f.size - f.living; dead < worthSweeping || dead < f.size/2 {
		return nil
	}
	return f.sweep()
}

// sweep copies what lives into a new file, which takes the old one's place in
// one step.
func (f *File) sweep() error {
	next, err := f.beside()
	if err != nil {
		return fmt.Errorf("blobs: %w", err)
	}
	to := &File{path: f.path, tag: f.tag, file: next, places: make(map[string]place, len(f.places))}
	err = f.copyTo(to)
	if err == nil && f.path != "" {
		err = os.Rename(next.Name(), f.path)
	} else if err != nil && f.path != "" {
		err = errors.Join(err, os.Remove(next.Name()))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("blobs: %w", err), next.Close())
	}
	old := f.file
	f.file, f.size, f.living, f.places = next, to.size, to.living, to.places
	return old.Close()
}

// beside makes the file that will take the place of this one.
func (f *File) beside() (*os.File, error) {
	if f.path == "" {
		next, err := os.CreateTemp("", "waggle-blobs-")
		if err != nil {
			return nil, err
		}
		return next, os.Remove(next.Name())
	}
	next, err := os.OpenFile(f.path+".new", os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return next, unix.Flock(int(next.Fd()), unix.LOCK_EX|unix.LOCK_NB)
}

func (f *File) copyTo(to *File) error {
	b := to.header()
	to.size = int64(len(b))
	w := bufio.NewWriterSize(to.file, 1<<20)
	if _, err := w.Write(b); err != nil {
		return err
	}
	for key, p := range f.places {
		blob := make([]byte, p.n)
		if _, err := f.file.ReadAt(blob, p.at); err != nil {
			return err
		}
		rec := append(appendHead(b[:0], Item{key, p.stamp, blob}), blob...)
		if _, err := w.Write(rec); err != nil {
			return err
		}
		p.at = to.size + headSize + int64(len(key))
		to.keep(key, p)
	}
	return errors.Join(w.Flush(), to.file.Sync())
}
