package fact

import (
	"fmt"
	"strconv"
	"strings"

	"waggle/shop"
)

// maxDepth bounds the parentheses of a condition.
const maxDepth = 24

type parser struct {
	tokens []token
	next   int
	depth  int
	scope  Scope
	paths  []string
}

func (p *parser) peek() token { return p.tokens[p.next] }

// take moves on when the next token is the word or symbol.
func (p *parser) take(words ...string) (string, bool) {
	t := p.peek()
	for _, w := range words {
		if (t.kind == name || t.kind == symbol) && t.text == w {
			p.next++
			return w, true
		}
	}
	return "", false
}

func (p *parser) wrong(format string, args ...any) error {
	return fmt.Errorf("%w: %s, at %d", ErrCondition, fmt.Sprintf(format, args...), p.peek().at)
}

func (p *parser) or() (node, error)  { return p.logic("or", p.and) }
func (p *parser) and() (node, error) { return p.logic("and", p.not) }

// logic reads operands between the same word.
func (p *parser) logic(word string, operand func() (node, error)) (node, error) {
	a, err := operand()
	for err == nil {
		if _, ok := p.take(word); !ok {
			return a, nil
		}
		var b node
		if b, err = operand(); err != nil {
			return b, err
		}
		if a.kind != Flag || b.kind != Flag {
			return a, p.wrong("%s wants true or false on both sides", word)
		}
		x, y, stop := a.eval, b.eval, word == "or"
		a = node{kind: Flag, eval: func(e Env) Value {
			if v := x(e); v.True() == stop {
				return v
			}
			return y(e)
		}}
	}
	return a, err
}

func (p *parser) not() (node, error) {
	if _, ok := p.take("not"); !ok {
		return p.comparison()
	}
	if p.depth++; p.depth > maxDepth {
		return node{}, p.wrong("too deep")
	}
	a, err := p.not()
	p.depth--
	if err == nil && a.kind != Flag {
		err = p.wrong("not wants true or false")
	}
	return node{kind: Flag, eval: func(e Env) Value { return OfFlag(!a.eval(e).True()) }}, err
}

func (p *parser) comparison() (node, error) {
	a, err := p.sum()
	if err != nil {
		return a, err
	}
	op, ok := p.take("==", "!=", "<=", ">=", "<", ">", "in")
	if !ok {
		return a, nil
	}
	b, err := p.sum()
	if err != nil {
		return b, err
	}
	return compare(op, a, b)
}

func (p *parser) sum() (node, error) {
	a, err := p.value()
	for err == nil {
		op, ok := p.take("+", "-")
		if !ok {
			break
		}
		var b node
		if b, err = p.value(); err == nil {
			a, err = add(op, a, b)
		}
	}
	return a, err
}

func (p *parser) value() (node, error) {
	if p.depth++; p.depth > maxDepth {
		return node{}, p.wrong("too deep")
	}
	defer func() { p.depth-- }()
	t := p.peek()
	p.next++
	switch t.kind {
	case quoted:
		return constant(OfText(t.text)), nil
	case number:
		n, err := strconv.Atoi(t.text)
		if err != nil {
			return node{}, p.wrong("%q is no whole number", t.text)
		}
		return constant(OfCount(n)), nil
	case amount:
		f, err := Fen(t.text)
		return constant(OfMoney(f)), err
	case name:
		return p.named(t.text)
	case symbol:
		switch t.text {
		case "(":
			n, err := p.or()
			if _, ok := p.take(")"); err == nil && !ok {
				err = p.wrong("a ) is missing")
			}
			return n, err
		case "[":
			list, err := p.list("]")
			if err != nil {
				return node{}, err
			}
			words, err := texts(list)
			return constant(OfList(words)), err
		}
	}
	p.next--
	return node{}, p.wrong("a value is missing before %q", t.text)
}

// named reads a path, a function or one of the words with a meaning.
func (p *parser) named(s string) (node, error) {
	if _, ok := p.take("("); ok {
		args, err := p.list(")")
		if err != nil {
			return node{}, err
		}
		return call(s, args)
	}
	switch s {
	case "true", "false":
		return constant(OfFlag(s == "true")), nil
	case "now":
		return node{kind: Time, eval: func(e Env) Value { return OfTime(e.Now()) }}, nil
	}
	f, ok := p.scope.Field(s)
	if !ok {
		p.next--
		return node{}, p.wrong("%q is not known here", s)
	}
	p.paths = append(p.paths, s)
	return node{kind: f.Kind, of: f.Of, path: s, eval: func(e Env) Value { return e.Fact(s) }}, nil
}

// list reads values up to the closing symbol.
func (p *parser) list(closing string) ([]node, error) {
	var out []node
	for {
		if _, ok := p.take(closing); ok {
			return out, nil
		}
		if len(out) > 0 {
			if _, ok := p.take(","); !ok {
				return nil, p.wrong("a comma or %s is missing", closing)
			}
		}
		n, err := p.sum()
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
}

func texts(list []node) ([]string, error) {
	var out []string
	for _, n := range list {
		if n.kind != Text || len(n.fixed) != 1 {
			return nil, fmt.Errorf("%w: a list holds texts in quotes", ErrCondition)
		}
		out = append(out, n.fixed[0])
	}
	return out, nil
}

// Fen reads an amount in yuan as it is written: 300, 12.5, 0.05.
func Fen(s string) (shop.Fen, error) {
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 32)
	if err != nil || len(part) > 2 || strings.ContainsAny(whole+part, "+-.") {
		return 0, fmt.Errorf("%w: %q is no amount in yuan", ErrCondition, s)
	}
	cents := int64(0)
	if part != "" {
		if cents, err = strconv.ParseInt((part + "0")[:2], 10, 32); err != nil {
			return 0, fmt.Errorf("%w: %q is no amount in yuan", ErrCondition, s)
		}
	}
	return shop.Fen(n*100 + cents), nil
}
