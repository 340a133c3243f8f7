// Package measure finds out how good the eyes are: accuracy on labelled
// photos and speed. It imports vision/inspect and what that is made of.
package measure

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// ErrManifest says that a manifest cannot be used and why.
var ErrManifest = errors.New("manifest")

// Row is one line of a manifest by column name; columns that are paths are
// already under the root.
type Row map[string]string

// ReadManifest reads tab-separated lines under a header. need names columns
// that must be there, paths those that hold file names.
func ReadManifest(r io.Reader, root string, need, paths []string) ([]Row, error) {
	t := csv.NewReader(r)
	t.Comma, t.LazyQuotes, t.FieldsPerRecord = '\t', true, -1
	head, err := t.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: no header line: %w", ErrManifest, err)
	}
	for _, n := range need {
		if !slices.Contains(head, n) {
			return nil, fmt.Errorf("%w: column %q is missing, the header is %q", ErrManifest, n, head)
		}
	}
	var out []Row
	for line := 2; ; line++ {
		fields, err := t.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrManifest, line, err)
		}
		row := Row{}
		for i, f := range fields[:min(len(fields), len(head))] {
			if f != "" && slices.Contains(paths, head[i]) && !filepath.IsAbs(f) {
				f = filepath.Join(root, f)
			}
			row[head[i]] = f
		}
		for _, n := range need {
			if row[n] == "" {
				return nil, fmt.Errorf("%w: line %d: column %q is empty", ErrManifest, line, n)
			}
		}
		out = append(out, row)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: no lines below the header", ErrManifest)
	}
	return out, nil
}
