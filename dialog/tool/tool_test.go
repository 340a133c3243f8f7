package tool_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/dialog/tool"
	"waggle/shop"
	"waggle/shop/demo"
)

// opensAt is a Friday afternoon in China.
var opensAt = time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("CST", 8*3600))

// Orders of the demo shop.
const (
	paidPot    = "2608667617" // c24, not sent
	signedVase = "2640580210" // c03, signed lately
)

func open(t *testing.T) (*tool.Registry, shop.Shop) {
	t.Helper()
	s, err := demo.Open(demo.Options{Now: func() time.Time { return opensAt }})
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Policy(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return tool.New(s, p), s
}

func cancelPot() tool.Call {
	return tool.Call{Tool: "cancel_order", Args: tool.Args{"order": paidPot}, Caller: tool.Caller{Customer: "c24", Known: true}, Key: "k1", Now: opensAt}
}

// agreed is the consent to the plan of a call.
func agreed(t *testing.T, r *tool.Registry, c tool.Call) tool.Consent {
	t.Helper()
	p, err := r.Plan(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return tool.Consent{Digest: p.Digest, Heard: true, Yes: true}
}

// A write happens only when all of its gates are open; each of them alone
// keeps it shut, and then nothing has changed.
func TestEveryGateOfAWrite(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*tool.Call)
		want  error
	}{
		"unknown caller":      {func(c *tool.Call) { c.Caller.Known = false }, tool.ErrCaller},
		"somebody else":       {func(c *tool.Call) { c.Caller.Customer = "c01" }, tool.ErrForeign},
		"no consent":          {func(c *tool.Call) { c.Consent = tool.Consent{} }, tool.ErrConsent},
		"not heard":           {func(c *tool.Call) { c.Consent.Heard = false }, tool.ErrConsent},
		"no yes":              {func(c *tool.Call) { c.Consent.Yes = false }, tool.ErrConsent},
		"consent to another":  {func(c *tool.Call) { c.Args = tool.Args{"order": paidPot, "reason": "别的"} }, tool.ErrConsent},
		"no key":              {func(c *tool.Call) { c.Key = "" }, tool.ErrArguments},
		"no such tool":        {func(c *tool.Call) { c.Tool = "drop_table" }, tool.ErrUnknownTool},
		"no such order":       {func(c *tool.Call) { c.Args = tool.Args{"order": "9999999999"} }, tool.ErrForeign},
		"an argument missing": {func(c *tool.Call) { c.Args = nil }, tool.ErrArguments},
		"an argument unknown": {func(c *tool.Call) { c.Args = tool.Args{"order": paidPot, "amount": "1"} }, tool.ErrArguments},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := open(t)
			call := cancelPot()
			call.Consent = agreed(t, r, call)
			c.spoil(&call)
			if _, err := r.Run(t.Context(), call); !errors.Is(err, c.want) {
				t.Errorf("%v, not %v", err, c.want)
			}
			if o, err := s.Order(t.Context(), paidPot); err != nil || o.State != shop.StatePaid {
				t.Errorf("the order is %s (%v)", o.State, err)
			}
		})
	}
}

// With every gate open it happens, once, however often it is asked for.
func TestAWriteHappensOnce(t *testing.T) {
	r, s := open(t)
	call := cancelPot()
	call.Consent = agreed(t, r, call)
	got, err := r.Run(t.Context(), call)
	if err != nil || got.Facts["state"].Text() != "cancelled" {
		t.Fatalf("%+v %v", got, err)
	}
	if !slices.Contains(got.Strings(), "268元") {
		t.Errorf("the result does not prove its amount: %v", got.Strings())
	}
	var refusal *tool.Refusal
	if _, err := r.Run(t.Context(), call); !errors.As(err, &refusal) || refusal.Code != tool.RefusedAlready {
		t.Errorf("again: %v", err)
	}
	if o, _ := s.Order(t.Context(), paidPot); o.State != shop.StateCancelled {
		t.Errorf("the order is %s", o.State)
	}
}

// The policy is judged in Go, whatever the caller says.
func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		customer string
		call     tool.Call
		want     tool.Code
	}{
		"a signed order is not called off":    {"c03", tool.Call{Tool: "cancel_order", Args: tool.Args{"order": signedVase}}, tool.RefusedState},
		"no money without a photo":            {"c03", tool.Call{Tool: "refund_only", Args: tool.Args{"order": signedVase, "reason": "碎了"}}, tool.RefusedEvidence},
		"a flow's own limit":                  {"c03", tool.Call{Tool: "refund_only", Args: tool.Args{"order": signedVase, "reason": "碎了"}, Evidence: tool.Evidence{Accepted: true}, RefundMax: 100}, tool.RefusedLimit},
		"the policy's limit":                  {"c06", tool.Call{Tool: "refund_only", Args: tool.Args{"order": "2664854708", "reason": "破了"}, Evidence: tool.Evidence{Accepted: true}}, tool.RefusedLimit},
		"a paid order does not go back":       {"c24", tool.Call{Tool: "return_goods", Args: tool.Args{"order": paidPot, "reason": "不要"}}, tool.RefusedState},
		"no exchange of what was not signed":  {"c24", tool.Call{Tool: "exchange_goods", Args: tool.Args{"order": paidPot, "want": "大一码"}}, tool.RefusedState},
		"the same address is no change":       {"c24", tool.Call{Tool: "change_address", Args: tool.Args{"order": paidPot, "address": "same"}}, tool.RefusedNothing},
		"no new piece without a photo either": {"c03", tool.Call{Tool: "replace_faulty", Args: tool.Args{"order": signedVase, "reason": "碎了"}}, tool.RefusedEvidence},
	} {
		t.Run(name, func(t *testing.T) {
			r, s := open(t)
			c.call.Caller, c.call.Now = tool.Caller{Customer: c.customer, Known: true}, opensAt
			if c.call.Args["address"] == "same" {
				o, err := s.Order(t.Context(), paidPot)
				if err != nil {
					t.Fatal(err)
				}
				c.call.Args["address"] = o.Address.Street
			}
			var refusal *tool.Refusal
			if _, err := r.Plan(t.Context(), c.call); !errors.As(err, &refusal) || refusal.Code != c.want {
				t.Errorf("%v, not %s", err, c.want)
			}
		})
	}
}

func TestReads(t *testing.T) {
	r, _ := open(t)
	known := tool.Caller{Customer: "c01", Known: true}
	got, err := r.Run(t.Context(), tool.Call{Tool: "list_orders", Caller: known})
	if err != nil || len(got.Rows) == 0 {
		t.Fatalf("%+v %v", got, err)
	}
	if got, err = r.Run(t.Context(), tool.Call{Tool: "track_parcel", Args: tool.Args{"order": "2679864326"}, Caller: known, Now: opensAt}); err != nil || got.Facts["courier"].Text() == "" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err = r.Run(t.Context(), tool.Call{Tool: "get_order", Args: tool.Args{"order": signedVase}, Caller: known}); !errors.Is(err, tool.ErrForeign) || strings.Contains(err.Error(), signedVase) {
		t.Errorf("somebody else's order: %v", err)
	}
	if got, err = r.Run(t.Context(), tool.Call{Tool: "search_products", Args: tool.Args{"words": "花瓶"}}); err != nil || got.ID != "vase" {
		t.Errorf("%s %v", got.ID, err)
	}
}

// Whatever a model writes as arguments is either a flat list of values or an
// error.
func TestParseArgs(t *testing.T) {
	got, err := tool.ParseArgs([]byte(`{"order": "1", "count": 2, "yes": true, "none": null}`))
	if err != nil || got["order"] != "1" || got["count"] != "2" || got["yes"] != "true" || len(got) != 3 {
		t.Errorf("%v %v", got, err)
	}
	for _, raw := range []string{`[]`, `{"a": {}}`, `{"a": [1]}`, `{} {}`, `{"a"`, `null x`, strings.Repeat(" ", 20<<10)} {
		if _, err := tool.ParseArgs([]byte(raw)); !errors.Is(err, tool.ErrArguments) {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}

// Every tool can be described to a model, and every write has a guard, which
// New would otherwise only find out when it is used.
func TestToolsAreWhole(t *testing.T) {
	seen := make(map[string]bool)
	for _, x := range tool.Standard() {
		if seen[x.Name] || x.Description == "" || len(x.Returns) == 0 {
			t.Errorf("%s is double or undescribed", x.Name)
		}
		seen[x.Name] = true
		schema := x.JSONSchema()
		if schema["additionalProperties"] != false || len(schema["properties"].(map[string]any)) != len(x.Params) {
			t.Errorf("%s: %v", x.Name, schema)
		}
		if x.Effect == tool.Write && x.Open {
			t.Errorf("%s writes for anybody", x.Name)
		}
		if x.Effect != tool.Read && x.Effect != tool.Write {
			t.Errorf("%s: effect %q", x.Name, x.Effect)
		}
	}
}

func FuzzParseArgs(f *testing.F) {
	for _, s := range []string{"", "{}", `{"a":1e999}`, `{"a":"\ud800"}`, "\xff", `{"a":`} {
		f.Add([]byte(s))
	}
	r := tool.New(nil, shop.Policy{})
	f.Fuzz(func(t *testing.T, raw []byte) {
		args, err := tool.ParseArgs(raw)
		if err != nil {
			return
		}
		// Without a known caller nothing is looked up, whatever the arguments.
		if _, err := r.Run(t.Context(), tool.Call{Tool: "get_order", Args: args}); err == nil {
			t.Error("an order was read")
		}
	})
}
