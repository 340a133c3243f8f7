package sop

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"waggle/dialog/fact"
	"waggle/shop"
)

// Limits of a file, checked before anything is built from it.
const (
	maxFile  = 64 << 10
	maxFiles = 300
	maxSteps = 80
	maxSlots = 30
	maxText  = 300 // characters
)

// reader walks the nodes of a file and collects every mistake with its line.
type reader struct {
	file     string
	flow     string
	problems Problems
}

func (r *reader) wrong(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Line: line, Flow: r.flow, Text: fmt.Sprintf(format, args...)})
}

// open reads the one document of a file.
func (r *reader) open(raw []byte) (*yaml.Node, bool) {
	if len(raw) > maxFile {
		r.wrong(1, "more than %d KiB", maxFile>>10)
		return nil, false
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(raw, &doc); err != nil {
		line, text := 1, strings.TrimPrefix(err.Error(), "yaml: ")
		if m := regexp.MustCompile(`line (\d+): `).FindStringSubmatch(text); m != nil {
			line, _ = strconv.Atoi(m[1])
			text = strings.Replace(text, m[0], "", 1)
		}
		r.wrong(line, "no YAML: %s", text)
		return nil, false
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		r.wrong(1, "the file is empty")
		return nil, false
	}
	return doc.Content[0], true
}

// fields reads a mapping: every key must be known and come once.
func (r *reader) fields(n *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n.Line, "%s must be keys and values", what)
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		read, ok := known[key.Value]
		switch {
		case !ok:
			r.wrong(key.Line, "unknown key %q of %s; there are %s", key.Value, what, strings.Join(sortedKeys(known), ", "))
		case seen[key.Value]:
			r.wrong(key.Line, "key %q of %s comes twice", key.Value, what)
		case n.Content[i+1].Kind == yaml.AliasNode:
			r.wrong(key.Line, "aliases are not allowed")
		default:
			read(n.Content[i+1])
		}
		seen[key.Value] = true
	}
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// items reads a list.
func (r *reader) items(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		r.wrong(n.Line, "%s must be a list", what)
		return
	}
	for _, x := range n.Content {
		if x.Kind == yaml.AliasNode {
			r.wrong(x.Line, "aliases are not allowed")
			continue
		}
		each(x)
	}
}

func (r *reader) string(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		r.wrong(n.Line, "%s must be a text", what)
		return ""
	}
	if len([]rune(n.Value)) > maxText {
		r.wrong(n.Line, "%s is longer than %d characters", what, maxText)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

func (r *reader) strings(n *yaml.Node, what string) []string {
	var out []string
	r.items(n, what, func(x *yaml.Node) { out = append(out, r.string(x, what)) })
	return out
}

func (r *reader) bool(n *yaml.Node, what string) bool {
	b, err := strconv.ParseBool(n.Value)
	if err != nil || n.Tag != "!!bool" {
		r.wrong(n.Line, "%s must be true or false", what)
	}
	return b
}

func (r *reader) int(n *yaml.Node, what string, least, most int) int {
	v, err := strconv.Atoi(n.Value)
	if err != nil || v < least || v > most {
		r.wrong(n.Line, "%s must be a whole number from %d to %d", what, least, most)
	}
	return v
}

func (r *reader) ints(n *yaml.Node, what string, least, most int) []int {
	var out []int
	r.items(n, what, func(x *yaml.Node) { out = append(out, r.int(x, what, least, most)) })
	return out
}

func (r *reader) money(n *yaml.Node, what string) shop.Fen {
	f, err := fact.Fen(strings.TrimSuffix(n.Value, "元"))
	if err != nil {
		r.wrong(n.Line, "%s must be an amount such as 200元", what)
	}
	return f
}

// identifier is the form of every name in a flow.
var identifier = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`)

func (r *reader) name(n *yaml.Node, what string) string {
	s := r.string(n, what)
	if !identifier.MatchString(s) {
		r.wrong(n.Line, "%s %q must be a word of small letters, digits, - and _", what, s)
	}
	return s
}

// raw is a text whose placeholders are read later, when it is known which
// facts there are.
func (r *reader) raw(n *yaml.Node, what string) text {
	return text{source: r.string(n, what), line: n.Line}
}
