package pull

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Progress tells how far a part is. Step is "fetch" or "unpack"; total is 0
// when it is not known.
type Progress struct {
	Step, File  string
	Done, Total int64
}

// Options of Model.
type Options struct {
	// From is a folder with the files of the entry, fetched by other means; the
	// network is not used then.
	From string
	// Progress may be nil.
	Progress func(Progress)
}

// Model fetches the entry into root/NAME and writes down in root/models.lock
// what it got. A model that is there and unchanged is left alone. Errors:
// ErrNetwork, ErrChanged, ErrArchive, or those of the file system. Whatever
// goes wrong, an older copy stays as it was.
func Model(ctx context.Context, e Entry, root string, o Options) (Locked, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return Locked{}, fmt.Errorf("pull: %w", err)
	}
	l, err := readLock(root)
	if err != nil {
		return Locked{}, err
	}
	if _, err := Folder(root, e.Name); err == nil {
		return l.Models[e.Name], nil
	}
	j := job{entry: e, root: root, known: l.Models[e.Name], opts: o,
		got: Locked{Fetched: time.Now().UTC().Truncate(time.Second), Parts: map[string]string{}, Files: map[string]string{}}}
	if err := j.run(ctx); err != nil {
		return Locked{}, err
	}
	l.Models[e.Name] = j.got
	return j.got, l.write(root)
}

// job is one Model.
type job struct {
	entry Entry
	root  string
	known Locked // of an earlier fetch
	got   Locked
	opts  Options
}

func (j *job) run(ctx context.Context) (err error) {
	fresh := filepath.Join(j.root, "."+j.entry.Name+".new")
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	for _, p := range j.entry.Parts {
		file, err := j.file(ctx, p)
		if err != nil {
			return err
		}
		if err := j.check(p, file); err != nil {
			return err
		}
		if err := j.place(p, file, fresh); err != nil {
			return err
		}
		if j.opts.From == "" {
			_ = os.Remove(file)
		}
	}
	folder := filepath.Join(j.root, j.entry.Name)
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if err := os.Rename(fresh, folder); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	return nil
}

// file brings one part to this machine and returns where it is.
func (j *job) file(ctx context.Context, p Part) (string, error) {
	if j.opts.From != "" {
		file := filepath.Join(j.opts.From, p.File())
		if _, err := os.Stat(file); err != nil {
			return "", fmt.Errorf("pull: %s is wanted in %s: %w", p.File(), j.opts.From, err)
		}
		return file, nil
	}
	file := filepath.Join(j.root, ".fetched", p.File())
	if size(file) > 0 {
		return file, nil // an earlier try fetched it and failed later
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", fmt.Errorf("pull: %w", err)
	}
	f := newFetcher(func(done, total int64) { j.opts.Progress(Progress{"fetch", p.File(), done, total}) })
	if err := f.fetch(ctx, p, file); err != nil {
		if errors.Is(err, ErrNetwork) && size(file+".part") == 0 {
			err = fmt.Errorf("%w; without a network, fetch %s elsewhere and give its folder with --from", err, p.URL)
		}
		return "", err
	}
	return file, nil
}

// check holds the file to the sha256 of the catalogue, or else to that of the
// first fetch.
func (j *job) check(p Part, file string) error {
	got, err := sumFile(file)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	want, why := p.SHA256, "the catalogue says"
	if want == "" {
		want, why = j.known.Parts[p.URL], "fetched first was"
	}
	if want != "" && !strings.EqualFold(got, want) {
		if j.opts.From == "" {
			_ = os.Remove(file)
		}
		return fmt.Errorf("%w: %s has sha256 %s, %s %s; nothing was installed", ErrChanged, p.File(), short(got), why, short(want))
	}
	j.got.Parts[p.URL] = got
	return nil
}

// place puts the part into the new folder of the model.
func (j *job) place(p Part, file, folder string) error {
	in, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	defer func() { _ = in.Close() }()
	if !p.archive() {
		j.got.Files[p.File()], err = save(in, filepath.Join(folder, p.File()))
		return err
	}
	total := size(file)
	sums, err := unpack(in, folder, modelLimits, func(read int64) { j.opts.Progress(Progress{"unpack", p.File(), read, total}) })
	if err != nil {
		return fmt.Errorf("%s: %w", p.File(), err)
	}
	maps.Copy(j.got.Files, sums)
	return nil
}

// Remove deletes a fetched model and forgets it; fs.ErrNotExist when there is
// none of that name.
func Remove(root, name string) error {
	l, err := readLock(root)
	if err != nil {
		return err
	}
	if _, ok := l.Models[name]; !ok {
		return fmt.Errorf("pull: %s was not fetched into %s: %w", name, root, fs.ErrNotExist)
	}
	delete(l.Models, name)
	if err := os.RemoveAll(filepath.Join(root, name)); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	return l.write(root)
}
