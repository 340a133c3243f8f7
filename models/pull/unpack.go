package pull

import (
	"archive/tar"
	"compress/bzip2"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ErrArchive says that an archive was refused.
var ErrArchive = errors.New("pull: the archive is refused")

// limits bound what an archive may unpack to.
type limits struct {
	files int
	bytes int64
}

// The largest model of the catalogue unpacks to 1.3 GB; voices with phoneme
// data have some hundred files.
var modelLimits = limits{files: 5000, bytes: 4 << 30}

// unpack writes the regular files of a .tar.bz2 below folder, without the
// leading folder that they share, and returns their sha256. Recordings for
// trying out and links are left out; a path that leads outside is refused.
func unpack(archive io.Reader, folder string, most limits, tell func(read int64)) (map[string]string, error) {
	counted := &counter{from: archive, tell: tell}
	tr := tar.NewReader(bzip2.NewReader(counted))
	sums := map[string]string{}
	var total int64
	for {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: it cannot be read to its end: %w", ErrArchive, err)
		}
		file, want, err := place(h)
		if err != nil {
			return nil, err
		}
		if !want {
			continue
		}
		total += h.Size
		if len(sums) >= most.files || total > most.bytes {
			return nil, fmt.Errorf("%w: it holds more than %d files or %d bytes", ErrArchive, most.files, most.bytes)
		}
		if sums[file], err = save(tr, filepath.Join(folder, file)); err != nil {
			return nil, err
		}
	}
	if len(sums) == 0 {
		return nil, fmt.Errorf("%w: there is no file in it", ErrArchive)
	}
	return sums, nil
}

// place is where an entry of the archive goes, if it is wanted at all.
func place(h *tar.Header) (file string, want bool, err error) {
	if !filepath.IsLocal(h.Name) {
		return "", false, fmt.Errorf("%w: it holds the path %q", ErrArchive, h.Name)
	}
	_, file, ok := strings.Cut(strings.TrimPrefix(filepath.ToSlash(filepath.Clean(h.Name)), "./"), "/")
	switch {
	case h.Typeflag != tar.TypeReg || !ok:
		return "", false, nil
	case strings.HasPrefix(file, "test_wavs/"), strings.HasPrefix(filepath.Base(file), "._"):
		return "", false, nil
	case h.Size < 0:
		return "", false, fmt.Errorf("%w: %q has a negative size", ErrArchive, h.Name)
	}
	return file, true, nil
}

// save writes one file and returns its sha256.
func save(from io.Reader, path string) (string, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("pull: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", fmt.Errorf("pull: %w", err)
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(f, h), from)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("pull: unpack %s: %w", filepath.Base(path), err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// counter tells how far a reader got.
type counter struct {
	from io.Reader
	read int64
	tell func(int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.read += int64(n)
	c.tell(c.read)
	return n, err
}
