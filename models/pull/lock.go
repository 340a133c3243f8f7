package pull

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// lockFile holds, beside the models, what was fetched and what it unpacked to.
const lockFile = "models.lock"

// ErrChanged says that a file is not the one that was fetched first.
var ErrChanged = errors.New("pull: the file is not the one that is known")

// Locked is what the lock file says of one model.
type Locked struct {
	Fetched time.Time         `json:"fetched"`
	Parts   map[string]string `json:"parts"` // URL -> sha256 of what came from there
	Files   map[string]string `json:"files"` // path below the model's folder -> sha256
}

type lock struct {
	Models map[string]Locked `json:"models"`
}

func readLock(root string) (lock, error) {
	l := lock{Models: map[string]Locked{}}
	raw, err := os.ReadFile(filepath.Join(root, lockFile))
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, fmt.Errorf("pull: %w", err)
	}
	if err := json.Unmarshal(raw, &l); err != nil || l.Models == nil {
		return l, fmt.Errorf("pull: %s is damaged; remove it and pull the models again", filepath.Join(root, lockFile))
	}
	return l, nil
}

func (l lock) write(root string) error {
	raw, err := json.MarshalIndent(l, "", "  ")
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	part := filepath.Join(root, lockFile+".part")
	if err := os.WriteFile(part, append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	if err := os.Rename(part, filepath.Join(root, lockFile)); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	return nil
}

// Installed lists the models fetched into root, by name.
func Installed(root string) (map[string]Locked, error) {
	l, err := readLock(root)
	return l.Models, err
}

// Folder returns where a fetched model lies, after every file of it was found
// to be the one that the lock file knows. Errors: fs.ErrNotExist when it was
// never fetched, ErrChanged when a file is missing or differs.
func Folder(root, name string) (string, error) {
	l, err := readLock(root)
	if err != nil {
		return "", err
	}
	known, ok := l.Models[name]
	if !ok {
		return "", fmt.Errorf("pull: %s was not fetched into %s: %w", name, root, fs.ErrNotExist)
	}
	folder := filepath.Join(root, name)
	for file, want := range known.Files {
		if !filepath.IsLocal(file) {
			return "", fmt.Errorf("%w: %s names %q", ErrChanged, lockFile, file)
		}
		got, err := sumFile(filepath.Join(folder, file))
		if err != nil {
			return "", fmt.Errorf("%w: %s: %w; `waggle models pull %s` mends it", ErrChanged, name, err, name)
		}
		if got != want {
			return "", fmt.Errorf("%w: %s of %s has sha256 %s, fetched was %s; `waggle models pull %s` mends it",
				ErrChanged, file, name, short(got), short(want), name)
		}
	}
	return folder, nil
}

// sumFile is the sha256 of a regular file.
func sumFile(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func short(sum string) string {
	sum = strings.ToLower(sum)
	if len(sum) > 12 {
		return sum[:12] + "..."
	}
	return sum
}
