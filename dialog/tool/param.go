package tool

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"

	"waggle/dialog/fact"
)

// Type is the type of a parameter.
type Type string

// The types. Order and Product are resolved before the tool sees them, and an
// order must be the caller's own.
const (
	Words   Type = "words"
	Choice  Type = "choice"
	Whole   Type = "whole" // a whole number, not negative
	Order   Type = "order"
	Product Type = "product"
)

// Param is one parameter of a tool.
type Param struct {
	Name        string
	Description string
	Type        Type
	Optional    bool
	// Of lists the values of a Choice.
	Of []string
}

// Limits of arguments: what a person can say in a turn, and no more.
const (
	maxWords = 500
	maxWhole = 1_000_000
	maxJSON  = 16 << 10
)

// Args are the arguments of a call by name, in their canonical form: words as
// they are, numbers in decimal.
type Args map[string]string

// ParseArgs reads the arguments that a language model wrote as JSON: one flat
// object of texts, numbers and truth values. ErrArguments for anything else.
func ParseArgs(raw []byte) (Args, error) {
	if len(raw) > maxJSON {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrArguments, maxJSON)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		return Args{}, nil
	}
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return nil, fmt.Errorf("%w: no JSON object", ErrArguments)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: something stands after the object", ErrArguments)
	}
	out := make(Args, len(fields))
	for name, v := range fields {
		switch v := v.(type) {
		case nil:
		case string:
			out[name] = v
		case json.Number:
			out[name] = v.String()
		case bool:
			out[name] = strconv.FormatBool(v)
		default:
			return nil, fmt.Errorf("%w: %q must be a single value", ErrArguments, name)
		}
	}
	return out, nil
}

// check tells what is wrong with the arguments for these parameters.
func check(params []Param, args Args) error {
	known := make(map[string]bool, len(params))
	for _, p := range params {
		known[p.Name] = true
		v := args[p.Name]
		if v == "" {
			if !p.Optional {
				return fmt.Errorf("%w: %q is missing", ErrArguments, p.Name)
			}
			continue
		}
		if err := p.accepts(v); err != nil {
			return err
		}
	}
	for name := range args {
		if !known[name] {
			return fmt.Errorf("%w: there is no parameter %q", ErrArguments, name)
		}
	}
	return nil
}

func (p Param) accepts(v string) error {
	switch {
	case !utf8.ValidString(v) || utf8.RuneCountInString(v) > maxWords:
		return fmt.Errorf("%w: %q is no text of at most %d characters", ErrArguments, p.Name, maxWords)
	case p.Type == Choice && !slices.Contains(p.Of, v):
		return fmt.Errorf("%w: %q must be one of %v", ErrArguments, p.Name, p.Of)
	case p.Type == Whole:
		if n, err := strconv.Atoi(v); err != nil || n < 0 || n > maxWhole {
			return fmt.Errorf("%w: %q must be a whole number from 0 to %d", ErrArguments, p.Name, maxWhole)
		}
	}
	return nil
}

// JSONSchema describes the parameters as JSON Schema (2020-12), as function
// calling wants it.
func (t Tool) JSONSchema() map[string]any {
	properties := make(map[string]any, len(t.Params))
	required := []string{}
	for _, p := range t.Params {
		s := map[string]any{"type": "string", "description": p.Description}
		switch p.Type {
		case Choice:
			s["enum"] = p.Of
		case Whole:
			s["type"], s["minimum"], s["maximum"] = "integer", 0, maxWhole
		default:
			s["maxLength"] = maxWords
		}
		properties[p.Name] = s
		if !p.Optional {
			required = append(required, p.Name)
		}
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

func words(name, about string) Param { return Param{Name: name, Description: about, Type: Words} }

func orderParam() Param {
	return Param{Name: "order", Description: "the order number, one of list_orders", Type: Order}
}

func productParam() Param {
	return Param{Name: "product", Description: "the product id, one of search_products", Type: Product}
}

func lineParam() Param {
	return Param{Name: "line", Description: "which product of the order, counted from 1; left out for all of them", Type: Whole, Optional: true}
}

func countParam() Param {
	return Param{Name: "count", Description: "how many pieces of it; left out for all of them", Type: Whole, Optional: true}
}

func optional(p Param) Param {
	p.Optional = true
	return p
}

// plans makes the schema of a plan about an order of these facts.
func plans(more fact.Schema) fact.Schema {
	s := fact.Schema{"order": {Kind: fact.Digits}, "name": {Kind: fact.Text}}
	for k, v := range more {
		s[k] = v
	}
	return s
}

// amounts is the plan of a write that pays.
func amounts() fact.Schema {
	return plans(fact.Schema{"amount": {Kind: fact.Money}, "working": {Kind: fact.Text}})
}
