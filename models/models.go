// Package models knows which model files exist and hands out none that was
// not verified: every file is checked against the sha256 of the manifest
// before its bytes reach a runtime. It is a leaf.
package models

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed builtin
var builtin embed.FS

// Verdicts on a model.
var (
	ErrUnknown = errors.New("models: no such model")
	ErrDamaged = errors.New("models: the file does not match its sha256")
)

// Model describes one file of the manifest.
type Model struct {
	Name    string `json:"name"`
	File    string `json:"file"`
	Kind    string `json:"kind"` // asr, vad, tts, vision, text
	Bytes   int64  `json:"bytes"`
	SHA256  string `json:"sha256"`
	Licence string `json:"licence"`
	Card    string `json:"card"` // file name of the model card
}

// Graph reports whether the file is an ONNX graph; others are tables, such as
// a language model.
func (m Model) Graph() bool { return strings.HasSuffix(m.File, ".onnx") }

// Store is a set of model files with a manifest.json beside them.
type Store struct{ files fs.FS }

// Builtin is the store that ships inside the binary.
func Builtin() Store {
	sub, err := fs.Sub(builtin, "builtin")
	if err != nil { // the path is a constant: this cannot happen
		return Store{files: builtin}
	}
	return Store{files: sub}
}

// In is a store over other files, such as os.DirFS of a folder.
func In(files fs.FS) Store { return Store{files: files} }

// List reads the manifest.
func (s Store) List() ([]Model, error) {
	raw, err := fs.ReadFile(s.files, "manifest.json")
	if err != nil {
		return nil, fmt.Errorf("models: read manifest: %w", err)
	}
	var m struct {
		Models []Model `json:"models"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("models: manifest.json is not valid: %w", err)
	}
	return m.Models, nil
}

// Open returns the verified bytes of the named model. Errors: ErrUnknown,
// ErrDamaged, or that of the file system when the file is missing.
func (s Store) Open(name string) ([]byte, Model, error) {
	list, err := s.List()
	if err != nil {
		return nil, Model{}, err
	}
	for _, m := range list {
		if m.Name == name {
			b, err := s.verified(m)
			return b, m, err
		}
	}
	return nil, Model{}, fmt.Errorf("%w: %q; `waggle models list` shows what there is", ErrUnknown, name)
}

// Card returns the model's card in Markdown.
func (s Store) Card(m Model) (string, error) {
	raw, err := fs.ReadFile(s.files, m.Card)
	if err != nil {
		return "", fmt.Errorf("models: card of %s: %w", m.Name, err)
	}
	return string(raw), nil
}

// Beside returns a file that lies with the models: the settings of one, or a
// graph whose sum its reader checks itself, as vision/card does.
func (s Store) Beside(name string) ([]byte, error) {
	raw, err := fs.ReadFile(s.files, name)
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	return raw, nil
}

func (s Store) verified(m Model) ([]byte, error) {
	raw, err := fs.ReadFile(s.files, m.File)
	if err != nil {
		return nil, fmt.Errorf("models: %s: %w", m.Name, err)
	}
	sum := sha256.Sum256(raw)
	if got := hex.EncodeToString(sum[:]); !strings.EqualFold(got, m.SHA256) {
		return nil, fmt.Errorf("%w: %s has %s, the manifest says %s; fetch the file again", ErrDamaged, m.File, short(got), short(m.SHA256))
	}
	return raw, nil
}

func short(sum string) string {
	if len(sum) > 12 {
		return sum[:12] + "..."
	}
	return sum
}
