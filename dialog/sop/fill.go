package sop

import (
	"context"
	"regexp"
	"slices"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// ask fills a slot from what is known, from the turn, or by asking.
func (c *compiler) ask(s *Slot) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Slot(s.Name) != "" {
			return dialog.Continue, nil
		}
		e := c.env(ctx, sc)
		v, err := c.take(e, s)
		if err != nil {
			return dialog.Finish, err
		}
		invalid := false
		if v != "" {
			sc.Set(s.Name, v)
			if s.Validate == nil || s.Validate.Holds(e) && e.err == nil {
				return dialog.Continue, e.err
			}
			sc.Set(s.Name, "")
			invalid = true
		}
		if s.Optional && !invalid {
			return dialog.Continue, nil
		}
		if sc.Answering && s.OnMiss != "" && sc.Tries() >= s.Retries-1 {
			return c.jump(sc, s.OnMiss), nil
		}
		if sc.Answering && !invalid {
			return dialog.Unanswered, nil
		}
		q := s.Ask
		if invalid {
			q = s.Invalid
			sc.Missed()
		}
		src, values := e.source(q)
		if e.err == nil {
			sc.Ask(s.expect(), src, q.format, values...)
		}
		return dialog.Wait, e.err
	}
}

func (s *Slot) expect() dialog.Expect {
	kind := dialog.ExpectOpen
	switch s.Expect {
	case "digits":
		kind = dialog.ExpectDigits
	case "yesno":
		kind = dialog.ExpectYesNo
	}
	return dialog.Expect{Kind: kind, Phrases: s.Phrases, Digits: s.Digits}
}

// take finds the value of a slot that is empty.
func (c *compiler) take(e *env, s *Slot) (string, error) {
	if s.Fact != "" {
		if v := e.Fact(s.Fact); !v.Empty() || e.err != nil {
			return v.Encode(), e.err
		}
	}
	v := c.said(e, s, "")
	if v == "" {
		return "", nil
	}
	return s.value(v)
}

// said reads the slot from the turn; old is what a correction would replace.
func (c *compiler) said(e *env, s *Slot, old string) string {
	sc := e.sc
	if s.Entity != "" {
		if x, ok := sc.Heard.Entity(nlu.Kind(s.Entity)); ok {
			return x.Value
		}
	}
	if s.Read != "" {
		if v := c.kit.Readers[s.Read](e.ctx, sc, old); v != "" {
			return v
		}
	}
	for _, x := range s.Choices {
		if c.kit.Sounds(denied.ReplaceAllString(sc.Heard.Text, ""), x.Words) {
			return x.Value
		}
	}
	if t := sc.Heard.Text; s.Words > 0 && old == "" && (sc.Answering && t != "" || len([]rune(t)) >= s.Words) {
		return t
	}
	return ""
}

// denied is what is named only to be turned down: 不要新的了.
var denied = regexp.MustCompile(`(?:不要|不用|不想|不换|不退|别|不)[^，。！？]{0,5}`)

// entities lists the kinds of entities that a slot may take.
func entities() []string {
	kinds := []nlu.Kind{nlu.Phone, nlu.Number, nlu.Tail, nlu.Amount, nlu.SizeOf, nlu.Height, nlu.Weight, nlu.Address, nlu.Ordinal, nlu.Company, nlu.TaxID}
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	slices.Sort(out)
	return out
}
