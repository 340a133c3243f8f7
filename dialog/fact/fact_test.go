package fact_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waggle/dialog/fact"
	"waggle/shop"
)

var now = time.Date(2026, 11, 20, 14, 5, 0, 0, time.UTC)

// world answers a condition from a table.
type world map[string]fact.Value

func (w world) Fact(path string) fact.Value { return w[path] }
func (w world) Now() time.Time              { return now }
func (w world) Said(words []string) bool {
	for _, x := range words {
		if strings.Contains(w["turn.text"].Text(), x) {
			return true
		}
	}
	return false
}

func scope() fact.Scope {
	return fact.Scope{
		"order": {"state": {Kind: fact.Text, Of: []string{"paid", "signed"}}, "total": {Kind: fact.Money}, "signed": {Kind: fact.Time},
			"id": {Kind: fact.Digits}, "pieces": {Kind: fact.Count}, "items": {Kind: fact.List}, "vip": {Kind: fact.Flag}, "note": {Kind: fact.Text}},
	}
}

func TestConditions(t *testing.T) {
	w := world{"order.state": fact.OfText("signed"), "order.total": fact.OfMoney(shop.Yuan(128)), "order.signed": fact.OfTime(now.Add(-50 * time.Hour)),
		"order.id": fact.OfDigits("2679864326"), "order.pieces": fact.OfCount(2), "order.items": fact.OfList([]string{"花瓶", "马克杯"}),
		"order.vip": fact.OfFlag(true), "turn.text": fact.OfText("我要大一码的")}
	for source, want := range map[string]bool{
		"order.state == 'signed'":                         true,
		"order.state in ['paid', 'signed'] and order.vip": true,
		"not order.vip or order.total > 300元":             false,
		"order.total <= 128元":                             true,
		"order.total < 128.00元":                           false,
		"order.total + 0.05元 > 128元":                      true,
		"days_since(order.signed) == 2":                   true,
		"hours_since(order.signed) >= 50":                 true,
		"order.signed < now":                              true,
		"size(order.items) == order.pieces":               true,
		"'花瓶' in order.items":                             true,
		"empty(order.note) and not empty(order.id)":       true,
		"order.note == ''":                                true,
		"order.id == '2679864326'":                        true,
		"said('大一码', '大一号')":                              true,
		"contains(order.state, 'sig', 'x')":               true,
		"contains(order.state, 'x')":                      false,
		"said('小一码')":                                     false,
		"order.pieces - 1 == 1 and (false or true)":       true,
		"true or order.total > 1元 and false":              true,
		"not not order.vip":                               true,
	} {
		c, err := fact.Compile(source, scope())
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got := c.Holds(w); got != want {
			t.Errorf("%s is %v", source, got)
		}
	}
}

// What is not known is neither more nor less than anything.
func TestUnknownFactsDecideNothing(t *testing.T) {
	for source, want := range map[string]bool{
		"days_since(order.signed) > 7": false, "days_since(order.signed) <= 7": false, "order.signed < now": false,
		"order.total > 0元": false, "order.state == 'paid'": false, "order.state != 'paid'": true, "order.vip": false,
	} {
		c, err := fact.Compile(source, scope())
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		if got := c.Holds(world{}); got != want {
			t.Errorf("%s is %v", source, got)
		}
	}
}

func TestMistakesInConditions(t *testing.T) {
	for source, want := range map[string]string{
		"order.state == 'sined'": "never", "order.colour == 'x'": "not known", "order.total == 'x'": "compared", "order.total": "not true or false",
		"order.vip > false": "no order", "order.state in order.total": "list", "order.vip and": "missing", "(order.vip": "missing", "order.vip )": "too much",
		"'open": "closed", "order.total > 12.345元": "amount", "system('ls')": "no function", "order.vip = true": "means nothing", "order.pieces > 1.5": "whole",
		"said(order.note)": "quotes", "days_since(order.total) > 1": "takes", "[1] == [1]": "quotes", "order.vip; order.vip": "means nothing",
		strings.Repeat("(", 100) + "true" + strings.Repeat(")", 100): "deep", strings.Repeat("not ", 100) + "true": "deep",
		strings.Repeat("true and ", 200) + "true": "bytes", "": "missing", "order.state in ['paid', 'gone']": "never",
	} {
		if _, err := fact.Compile(source, scope()); !errors.Is(err, fact.ErrCondition) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: %v, want %q", source, err, want)
		}
	}
}

func TestRecordsAsFactsAndAsJSON(t *testing.T) {
	r := fact.Record{"total": fact.OfMoney(1250), "at": fact.OfTime(now), "none": fact.OfText(""), "yes": fact.OfFlag(true), "n": fact.OfCount(3)}
	got := strings.Join(r.Facts(), " ")
	for _, want := range []string{"12.5元", "2026-11-20T14:05:00Z", "3"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if p := r.Plain(); p["n"] != int64(3) || p["yes"] != true || p["total"] != "12.5元" || len(p) != 4 {
		t.Errorf("%v", p)
	}
}

// Values keep their kind and worth through a log.
func TestEncode(t *testing.T) {
	for _, v := range []fact.Value{{}, fact.OfText("花:瓶"), fact.OfCount(-3), fact.OfMoney(1250), fact.OfTime(now), fact.OfTime(time.Time{}),
		fact.OfDigits("0123"), fact.OfFlag(true), fact.OfList([]string{"a", "b"}), fact.OfList(nil)} {
		if got := fact.Decode(v.Encode()); got.String() != v.String() || got.Kind() != v.Kind() {
			t.Errorf("%v became %v", v, got)
		}
	}
	for _, s := range []string{"x", "9:1", "3:x", "\xff", "4:tomorrow"} {
		if v := fact.Decode(s); v.Kind() != fact.None {
			t.Errorf("%q became %v", s, v)
		}
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"order.vip", "not (order.total > 1元)", "said('x')", "order.state in ['paid']", "((((", "a.b.c", "1元元"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if c, err := fact.Compile(source, scope()); err == nil {
			c.Holds(world{})
		}
	})
}
