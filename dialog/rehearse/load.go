package rehearse

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"github.com/goccy/go-yaml"
)

//go:embed testdata/*.yaml
var builtin embed.FS

// Builtin returns the scripts that ship.
func Builtin() ([]Script, error) {
	dir, err := fs.Sub(builtin, "testdata")
	if err != nil {
		return nil, err
	}
	return Load(dir)
}

// Load reads every script of the *.yaml files of a file system, in the order
// of their names; a file may hold several documents. Files of tasks are left
// out.
func Load(dir fs.FS) ([]Script, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Script
	for _, name := range names {
		if task, _ := path.Match(taskFiles, name); task {
			continue
		}
		raw, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		docs := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict())
		for {
			var s Script
			err := docs.Decode(&s)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if s.Name == "" || len(s.Turns) == 0 {
				return nil, fmt.Errorf("%s: a script needs a name and turns", name)
			}
			out = append(out, s)
		}
	}
	return out, nil
}
