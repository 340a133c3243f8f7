package fact

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrCondition marks a mistake in a condition; the message says what is wrong
// and where.
var ErrCondition = errors.New("condition")

// Env answers what a condition asks about.
type Env interface {
	// Fact reads a fact by its path, as order.total; the zero Value when it is
	// not known.
	Fact(path string) Value
	// Said tells whether the turn holds one of the words.
	Said(words []string) bool
	Now() time.Time
}

// Scope is what a condition may ask about: schemas by their first name, as
// order of order.total.
type Scope map[string]Schema

// Field finds the type of a path.
func (s Scope) Field(path string) (Field, bool) {
	for i := range path {
		if path[i] == '.' {
			f, ok := s[path[:i]][path[i+1:]]
			return f, ok
		}
	}
	return Field{}, false
}

// Condition is a compiled expression that is true or false. It has no loops,
// assigns nothing and calls nothing outside Env; it is checked for types
// before it ever runs, so that it cannot fail then.
type Condition struct {
	source string
	paths  []string
	eval   evaluator
}

type evaluator func(Env) Value

// Holds evaluates the condition; a comparison with a fact that is not known is
// false, but for == and != with an empty text.
func (c Condition) Holds(env Env) bool { return c.eval == nil || c.eval(env).True() }

// Paths lists the facts that the condition reads.
func (c Condition) Paths() []string { return c.paths }

// String is the source.
func (c Condition) String() string { return c.source }

// Compile reads a condition such as
//
//	order.state in ['paid', 'to-pay'] and days_since(order.signed) <= policy.return_days
//
// Operators, loosest first: or, and, not, == != < <= > >= in, + -. Values:
// paths of the scope, now, 'texts', whole numbers, amounts such as 300元, true, false,
// lists of texts in brackets. Functions: empty(fact), size(list), days_since(time),
// hours_since(time), contains(text, 'part', ...), said('word', ...). The error wraps ErrCondition.
func Compile(source string, scope Scope) (Condition, error) {
	tokens, err := scan(source)
	if err != nil {
		return Condition{}, err
	}
	p := &parser{tokens: tokens, scope: scope}
	n, err := p.or()
	if err == nil && p.peek().kind != end {
		err = p.wrong("%q is too much", p.peek().text)
	}
	if err == nil && n.kind != Flag {
		err = fmt.Errorf("%w: %s is %s, not true or false", ErrCondition, source, n.kind)
	}
	if err != nil {
		return Condition{}, err
	}
	slices.Sort(p.paths)
	return Condition{source: source, paths: slices.Compact(p.paths), eval: n.eval}, nil
}

// node is a part of an expression: its type, and, where it is a path of a
// fixed set or a constant, its values, to find what can never be true.
type node struct {
	kind  Kind
	eval  evaluator
	of    []string // values that a text of the record may take
	fixed []string // values that stand in the condition
	path  string   // of a fact, to find amendments to it
}

func constant(v Value) node {
	n := node{kind: v.kind, eval: func(Env) Value { return v }}
	switch v.kind {
	case Text:
		n.fixed = []string{v.text}
	case List:
		n.fixed = v.list
	}
	return n
}

// possible tells whether what a text is compared with can occur.
func possible(a, b node) error {
	for _, pair := range [][2]node{{a, b}, {b, a}} {
		of, fixed := pair[0].of, pair[1].fixed
		if of == nil {
			continue
		}
		for _, v := range fixed {
			if v != "" && !slices.Contains(of, v) {
				return fmt.Errorf("%w: %s is never %q, it is one of %v", ErrCondition, pair[0].path, v, of)
			}
		}
	}
	return nil
}

// alike tells whether two kinds may be compared.
func alike(a, b Kind) bool {
	text := func(k Kind) bool { return k == Text || k == Digits }
	return a == b || text(a) && text(b)
}

func compare(op string, a, b node) (node, error) {
	if op == "in" {
		if b.kind != List || a.kind != Text && a.kind != Digits {
			return node{}, fmt.Errorf("%w: in wants a text and a list, not %s and %s", ErrCondition, a.kind, b.kind)
		}
		return node{kind: Flag, eval: func(e Env) Value { return OfFlag(slices.Contains(b.eval(e).list, a.eval(e).text)) }}, possible(a, b)
	}
	if !alike(a.kind, b.kind) || a.kind == List {
		return node{}, fmt.Errorf("%w: %s and %s cannot be compared", ErrCondition, a.kind, b.kind)
	}
	if op == "==" || op == "!=" {
		want := op == "=="
		return node{kind: Flag, eval: func(e Env) Value { return OfFlag(order(a.eval(e), b.eval(e)) == 0 == want) }}, possible(a, b)
	}
	if a.kind != Count && a.kind != Money && a.kind != Time {
		return node{}, fmt.Errorf("%w: %s has no order", ErrCondition, a.kind)
	}
	return node{kind: Flag, eval: func(e Env) Value {
		x, y := a.eval(e), b.eval(e)
		if x.Empty() || y.Empty() {
			return OfFlag(false)
		}
		c := order(x, y)
		return OfFlag(op == "<" && c < 0 || op == "<=" && c <= 0 || op == ">" && c > 0 || op == ">=" && c >= 0)
	}}, nil
}

// order compares two values of kinds that are alike.
func order(a, b Value) int {
	switch a.kind {
	case Text, Digits:
		if a.text == b.text {
			return 0
		}
		return 1
	case Time:
		return a.at.Compare(b.at)
	case None:
		if b.Empty() {
			return 0
		}
		return 1
	}
	if b.kind == None {
		return 1
	}
	return int(max(-1, min(1, a.n-b.n)))
}

func add(op string, a, b node) (node, error) {
	if a.kind != b.kind || a.kind != Count && a.kind != Money {
		return node{}, fmt.Errorf("%w: %s and %s cannot be added", ErrCondition, a.kind, b.kind)
	}
	sign := int64(1)
	if op == "-" {
		sign = -1
	}
	kind := a.kind
	return node{kind: kind, eval: func(e Env) Value { return Value{kind: kind, n: a.eval(e).n + sign*b.eval(e).n} }}, nil
}

// call makes a function of its arguments.
func call(name string, args []node) (node, error) {
	one := func(kinds ...Kind) error {
		if len(args) != 1 || len(kinds) > 0 && !slices.Contains(kinds, args[0].kind) {
			return fmt.Errorf("%w: %s takes one %v", ErrCondition, name, kinds)
		}
		return nil
	}
	since := func(unit time.Duration) (node, error) {
		return node{kind: Count, eval: func(e Env) Value {
			at := args[0].eval(e)
			if at.Empty() {
				return Value{}
			}
			return OfCount(int(e.Now().Sub(at.at) / unit))
		}}, one(Time)
	}
	switch name {
	case "empty":
		return node{kind: Flag, eval: func(e Env) Value { return OfFlag(args[0].eval(e).Empty()) }}, one()
	case "size":
		return node{kind: Count, eval: func(e Env) Value { return OfCount(len(args[0].eval(e).list)) }}, one(List)
	case "days_since":
		return since(24 * time.Hour)
	case "hours_since":
		return since(time.Hour)
	case "said":
		return said(args)
	case "contains":
		return contains(args)
	}
	return node{}, fmt.Errorf("%w: there is no function %q", ErrCondition, name)
}

// contains tells whether a text holds one of the others.
func contains(args []node) (node, error) {
	if len(args) < 2 || args[0].kind != Text {
		return node{}, fmt.Errorf("%w: contains takes a text and what may be in it", ErrCondition)
	}
	words, err := texts(args[1:])
	return node{kind: Flag, eval: func(e Env) Value {
		has := args[0].eval(e).text
		return OfFlag(slices.ContainsFunc(words, func(w string) bool { return strings.Contains(has, w) }))
	}}, err
}

func said(args []node) (node, error) {
	var words []string
	for _, a := range args {
		if len(a.fixed) == 0 {
			return node{}, fmt.Errorf("%w: said takes texts in quotes", ErrCondition)
		}
		words = append(words, a.fixed...)
	}
	if len(words) == 0 {
		return node{}, fmt.Errorf("%w: said takes at least one text", ErrCondition)
	}
	return node{kind: Flag, eval: func(e Env) Value { return OfFlag(e.Said(words)) }}, nil
}
