package card

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"waggle/models"
)

// maxModel caps a graph; CLIP L/14 has 1.2 GB.
const maxModel = 2 << 30

func (f File) check(what string) error {
	if f.File == "" || len(f.File) > 255 || f.File != filepath.Base(f.File) || strings.ContainsAny(f.File, `/\`+"\x00") || strings.HasPrefix(f.File, ".") {
		return fmt.Errorf("%s.file: %q must be the plain name of a file beside the card", what, f.File)
	}
	if sum, err := hex.DecodeString(f.SHA256); err != nil || len(sum) != sha256.Size {
		return fmt.Errorf("%s.sha256: 64 hexadecimal digits; `sha256sum %s` prints them", what, f.File)
	}
	return nil
}

// source gives the files of one card.
type source func(name string, limit int64) ([]byte, error)

// verified reads a file and compares its sum with the card's.
func (s source) verified(f File) ([]byte, error) {
	raw, err := s(f.File, maxModel)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, err)
	}
	want, _ := hex.DecodeString(f.SHA256) // checked by Parse
	if got := sha256.Sum256(raw); subtle.ConstantTimeCompare(got[:], want) != 1 {
		return nil, fmt.Errorf("%w: %s is not the file that the card means (sha256 %x...); fetch it again, or correct the card",
			ErrFile, f.File, got[:6])
	}
	return raw, nil
}

// folder reads plain files of one directory; links and anything that is not
// a file are refused, so that a card cannot reach beyond its folder.
func folder(dir string) source {
	return func(name string, limit int64) ([]byte, error) {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		info, err := root.Lstat(name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no plain file", name)
		}
		f, err := root.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		if info, err = f.Stat(); err != nil {
			return nil, err
		}
		if info.Size() > limit {
			return nil, fmt.Errorf("%s has %d bytes, at most %d are read", name, info.Size(), limit)
		}
		raw := make([]byte, info.Size())
		_, err = io.ReadFull(f, raw)
		return raw, err
	}
}

// builtin reads what ships inside the binary.
func builtin(name string, limit int64) ([]byte, error) {
	raw, err := models.Builtin().Beside(name)
	if err == nil && int64(len(raw)) > limit {
		err = fmt.Errorf("%s is too large", name)
	}
	return raw, err
}

// Read reads the card at path: the card itself, or an .onnx with its card of
// the same name beside it.
func Read(path string) (Card, error) {
	c, _, err := read(path)
	return c, err
}

func read(path string) (Card, source, error) {
	if strings.EqualFold(filepath.Ext(path), ".onnx") {
		path = strings.TrimSuffix(path, filepath.Ext(path)) + ".json"
	}
	files := folder(filepath.Dir(path))
	raw, err := files(filepath.Base(path), maxCard)
	if errors.Is(err, fs.ErrNotExist) {
		return Card{}, nil, fmt.Errorf("%w: %s is missing: a vision network needs a card beside it (docs/vision-card.md)", ErrCard, path)
	}
	if err != nil {
		return Card{}, nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	c, err := Parse(raw)
	if err != nil {
		return Card{}, nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return c, files, nil
}

// Find lists the cards at path by kind: one card, or all cards of a folder.
// Two of a kind are refused, because nobody could say which is meant.
func Find(path string) (map[Kind]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	paths := []string{path}
	if info.IsDir() {
		if paths, err = filepath.Glob(filepath.Join(path, "*.json")); err != nil || len(paths) == 0 {
			return nil, fmt.Errorf("%w: no *.json in %s", ErrCard, path)
		}
	}
	found := map[Kind]string{}
	for _, p := range paths {
		c, err := Read(p)
		if err != nil {
			return nil, err
		}
		if other, twice := found[c.Kind]; twice {
			return nil, fmt.Errorf("%w: %s and %s are both of kind %s; name one of them", ErrCard, other, p, c.Kind)
		}
		found[c.Kind] = p
	}
	return found, nil
}

// Write replaces the card at path in one step, as calibration does: a crash
// leaves the old card or the new one.
func Write(path string, c Card) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrCard, err)
	}
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCard, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".card-*")
	if err != nil {
		return fmt.Errorf("card: %w", err)
	}
	_, err = f.Write(append(raw, '\n'))
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("card: write %s: %w", path, err), os.Remove(f.Name()))
	}
	return nil
}
