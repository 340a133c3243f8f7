package eval

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrManifest says that a manifest cannot be used.
var ErrManifest = errors.New("the manifest needs a header line with the columns path and text, separated by tabs")

// Item is one labelled recording. Speaker, Gender ("female", "male" or "") and
// Kind are empty where the manifest does not tell.
type Item struct{ Path, Text, Speaker, Gender, Kind string }

// ReadManifest reads a TSV file with a header. The columns path and text must
// be there, speaker, gender (F or M) and kind may be; others are ignored.
// Errors: ErrManifest.
func ReadManifest(r io.Reader) ([]Item, error) {
	c := csv.NewReader(r)
	c.Comma, c.LazyQuotes, c.FieldsPerRecord = '\t', true, -1
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrManifest, err)
	}
	path, text := slices.Index(head, "path"), slices.Index(head, "text")
	if path < 0 || text < 0 {
		return nil, fmt.Errorf("%w; it has %q", ErrManifest, head)
	}
	speaker, gender, kind := slices.Index(head, "speaker"), slices.Index(head, "gender"), slices.Index(head, "kind")
	var items []Item
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrManifest, err)
		}
		if len(row) <= max(path, text) || row[path] == "" {
			return nil, fmt.Errorf("%w: line %d is short", ErrManifest, len(items)+2)
		}
		items = append(items, Item{
			Path: row[path], Text: row[text], Speaker: column(row, speaker), Gender: genderOf(column(row, gender)), Kind: column(row, kind),
		})
	}
	if len(items) == 0 {
		return nil, fmt.Errorf("%w: it lists nothing", ErrManifest)
	}
	return items, nil
}

func column(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return row[i]
}

func genderOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "f", "female", "女":
		return "female"
	case "m", "male", "男":
		return "male"
	}
	return ""
}
