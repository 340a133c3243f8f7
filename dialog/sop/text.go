package sop

import (
	"fmt"
	"strings"

	"waggle/dialog"
	"waggle/dialog/fact"
)

// text is a sentence with facts in it: 您的{order.name}{order.signed|day}签收。
// A moment needs a form, |day or |hour; everything else has one of its own.
type text struct {
	source string
	line   int
	format string // for fmt: %s where a fact stands
	values []placeholder
}

type placeholder struct {
	path, form string
}

// The forms of a moment.
const (
	formDay  = "day"
	formHour = "hour"
)

// readText takes a text apart; scope tells which facts there are.
func readText(source string, line int, scope fact.Scope) (text, error) {
	t := text{source: source, line: line}
	var b strings.Builder
	rest := source
	for {
		open := strings.IndexAny(rest, "{}")
		if open < 0 {
			b.WriteString(strings.ReplaceAll(rest, "%", "%%"))
			t.format = b.String()
			return t, nil
		}
		b.WriteString(strings.ReplaceAll(rest[:open], "%", "%%"))
		shut := strings.IndexByte(rest, '}')
		if rest[open] == '}' || shut < open {
			return t, fmt.Errorf("the braces of %q do not match", source)
		}
		p, err := readPlaceholder(rest[open+1:shut], scope)
		if err != nil {
			return t, err
		}
		t.values = append(t.values, p)
		b.WriteString("%s")
		rest = rest[shut+1:]
	}
}

func readPlaceholder(s string, scope fact.Scope) (placeholder, error) {
	path, form, _ := strings.Cut(strings.TrimSpace(s), "|")
	p := placeholder{path: strings.TrimSpace(path), form: strings.TrimSpace(form)}
	f, ok := scope.Field(p.path)
	switch {
	case !ok:
		return p, fmt.Errorf("{%s} is not known here", s)
	case f.Kind == fact.Time && p.form != formDay && p.form != formHour:
		return p, fmt.Errorf("{%s} is a moment: write {%s|day} or {%s|hour}", s, p.path, p.path)
	case f.Kind != fact.Time && p.form != "":
		return p, fmt.Errorf("{%s}: %s has no form", s, f.Kind)
	case f.Kind == fact.Flag:
		return p, fmt.Errorf("{%s} is true or false, which nobody says", s)
	case f.Of != nil:
		return p, fmt.Errorf("{%s} is a word of the records, not one to be spoken", s)
	}
	return p, nil
}

// fill reads the facts of the text.
func (t text) fill(e fact.Env) []dialog.Value {
	out := make([]dialog.Value, len(t.values))
	for i, p := range t.values {
		out[i] = spoken(e.Fact(p.path), p.form)
	}
	return out
}

// plain is the text with its facts as they stand in the records: an argument
// of a tool.
func (t text) plain(e fact.Env) string {
	args := make([]any, len(t.values))
	for i, p := range t.values {
		args[i] = e.Fact(p.path).String()
	}
	return fmt.Sprintf(t.format, args...)
}

// spoken makes a value of a sentence of a fact.
func spoken(v fact.Value, form string) dialog.Value {
	switch v.Kind() {
	case fact.Count:
		return dialog.Count(v.Count())
	case fact.Money:
		return dialog.Money(v.Money())
	case fact.Digits:
		return dialog.Digits(v.Text())
	case fact.Time:
		if form == formHour {
			return dialog.Hour(v.Time())
		}
		return dialog.Day(v.Time())
	}
	return dialog.Text(v.Text())
}

// String is the wording.
func (t text) String() string { return t.words() }

// words is the text without its facts, for those who look at the wording.
func (t text) words() string {
	return strings.ReplaceAll(strings.ReplaceAll(t.format, "%s", "…"), "%%", "%")
}

// roots lists the records that the text speaks of, in order.
func (t text) roots() []string {
	var out []string
	for _, p := range t.values {
		root, _, _ := strings.Cut(p.path, ".")
		out = append(out, root)
	}
	return out
}
