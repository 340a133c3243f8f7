// Package pull fetches models of other projects that Waggle can load: from a
// public address into a folder, resumable, checked against a known sha256 or
// against what was fetched the first time (trust on first use), and unpacked
// without letting an archive write outside its folder. It imports nothing of
// Waggle.
package pull

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
)

//go:embed catalogue.json
var catalogue []byte

// ErrUnknown says that the catalogue has no such model.
var ErrUnknown = errors.New("pull: the catalogue has no such model")

// Entry is a model of the catalogue.
type Entry struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"` // asr, vad, tts or punct: the key under models in the configuration
	Family  string `json:"family"`
	About   string `json:"about"`
	Licence string `json:"licence"`
	Parts   []Part `json:"parts"`
}

// Part is one file of an entry. An archive (.tar.bz2) is unpacked.
type Part struct {
	URL string `json:"url"`
	// Bytes is the size, 0 when it is not known.
	Bytes int64 `json:"bytes,omitempty"`
	// SHA256 is in lower-case hexadecimal; when empty, the first fetch is
	// trusted and the lock file holds later ones to it.
	SHA256 string `json:"sha256,omitempty"`
}

// File is the file name of the part.
func (p Part) File() string { return path.Base(p.URL) }

func (p Part) archive() bool { return strings.HasSuffix(p.URL, ".tar.bz2") }

// Bytes is how much is fetched, 0 when a part's size is not known.
func (e Entry) Bytes() int64 {
	var sum int64
	for _, p := range e.Parts {
		if p.Bytes == 0 {
			return 0
		}
		sum += p.Bytes
	}
	return sum
}

// Pinned reports whether every part has a sha256 of its own.
func (e Entry) Pinned() bool {
	for _, p := range e.Parts {
		if p.SHA256 == "" {
			return false
		}
	}
	return true
}

// Catalogue lists the models that can be fetched by name.
func Catalogue() ([]Entry, error) {
	var c struct {
		Models []Entry `json:"models"`
	}
	if err := json.Unmarshal(catalogue, &c); err != nil {
		return nil, fmt.Errorf("pull: catalogue.json is not valid: %w", err)
	}
	return c.Models, nil
}

// Find looks a model up by name; ErrUnknown names the ones there are.
func Find(name string) (Entry, error) {
	list, err := Catalogue()
	if err != nil {
		return Entry{}, err
	}
	names := make([]string, 0, len(list))
	for _, e := range list {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	return Entry{}, fmt.Errorf("%w: %q; there is %s", ErrUnknown, name, strings.Join(names, ", "))
}
