package outbound

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Limits of an import.
const (
	maxRows   = 200_000
	maxFields = 40
	maxField  = 500 // bytes
)

// DefaultZone is assumed when a row names no time zone and the number is
// Chinese: China has one.
const DefaultZone = "Asia/Shanghai"

// Problem is one row that was not imported.
type Problem struct {
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

// ReadCSV reads contacts. The header must name `number`; `zone`, `consent`,
// `consent_at` (RFC 3339 or 2006-01-02) and `consent_proof` are understood,
// every other column becomes a fact of the script. A row with a mistake is
// reported and left out; the others stand. A row without consent is imported
// and refused by the gate, so that the report shows it.
func ReadCSV(r io.Reader, campaign string) ([]Contact, []Problem, error) {
	in := csv.NewReader(r)
	in.TrimLeadingSpace = true
	in.FieldsPerRecord = -1
	header, err := readHeader(in)
	if err != nil {
		return nil, nil, err
	}
	var (
		contacts []Contact
		problems []Problem
		seen     = map[string]int{}
	)
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			return contacts, problems, nil
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			problems = append(problems, Problem{Line: bad.StartLine, Reason: bad.Err.Error()})
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("outbound: read the list: %w", err)
		}
		line, _ := in.FieldPos(0)
		if len(contacts) >= maxRows {
			return nil, nil, fmt.Errorf("%w: more than %d rows: split the file", ErrInvalid, maxRows)
		}
		c, err := contact(header, row, campaign)
		if err == nil && seen[c.Number] > 0 {
			err = fmt.Errorf("the number stands on line %d already", seen[c.Number])
		}
		if err != nil {
			problems = append(problems, Problem{Line: line, Reason: err.Error()})
			continue
		}
		seen[c.Number] = line
		contacts = append(contacts, c)
	}
}

func readHeader(in *csv.Reader) ([]string, error) {
	header, err := in.Read()
	if err != nil {
		return nil, fmt.Errorf("%w: the file has no header line: %w", ErrInvalid, err)
	}
	if len(header) > maxFields {
		return nil, fmt.Errorf("%w: more than %d columns", ErrInvalid, maxFields)
	}
	found := false
	for i, h := range header {
		header[i] = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		found = found || header[i] == "number"
	}
	if !found {
		return nil, fmt.Errorf("%w: the header must name the column `number`, it has %s", ErrInvalid, strings.Join(header, ", "))
	}
	return header, nil
}

func contact(header, row []string, campaign string) (Contact, error) {
	if len(row) != len(header) {
		return Contact{}, fmt.Errorf("%d fields where the header has %d", len(row), len(header))
	}
	c := Contact{ID: uuid.NewString(), Campaign: campaign, State: ContactPending, Facts: map[string]string{}}
	for i, value := range row {
		value = strings.TrimSpace(value)
		if len(value) > maxField {
			return Contact{}, fmt.Errorf("column %s is longer than %d bytes", header[i], maxField)
		}
		if err := c.set(header[i], value); err != nil {
			return Contact{}, err
		}
	}
	if c.Number == "" {
		return Contact{}, errors.New("the number is empty")
	}
	if c.Zone == "" && strings.HasPrefix(c.Number, "+86") {
		c.Zone = DefaultZone
	}
	return c, nil
}

func (c *Contact) set(column, value string) (err error) {
	switch column {
	case "number":
		if value != "" {
			c.Number, err = Normalize(value)
		}
	case "zone":
		c.Zone = value
	case "consent":
		c.Consent.Basis = value
	case "consent_proof":
		c.Consent.Proof = value
	case "consent_at":
		c.Consent.At, err = consentTime(value)
	default:
		if value != "" {
			c.Facts[column] = value
		}
	}
	return err
}

func consentTime(value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("consent_at %q must be like 2026-11-20 or 2026-11-20T10:00:00+08:00", value)
}
