package shophttp

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"waggle/shop"
	"waggle/shop/demo"
)

type object = map[string]any

func items(all ...any) object { return object{"items": all} }

// What a merchant's system answers to the newer questions is spoken as well:
// it must be possible, and about the customer who asks.
func TestOffersThatCannotBeTrueAreRefused(t *testing.T) {
	coupon := func(change object) object {
		c := object{"id": "k", "name": "券", "customer": "c1", "off": 1000}
		for k, v := range change {
			c[k] = v
		}
		return c
	}
	promotion := func(change object) object {
		p := object{"id": "p", "name": "满减", "kind": "tiers", "tiers": []any{object{"over": 100, "off": 10}}}
		for k, v := range change {
			p[k] = v
		}
		return p
	}
	subsidy := func(change object) object {
		s := object{"id": "s", "name": "补贴", "cap": 100, "rates": []any{object{"energy": 1, "percent": 20}}}
		for k, v := range change {
			s[k] = v
		}
		return s
	}
	coupons := func(c *Client) error { _, err := c.Coupons(t.Context(), "c1"); return err }
	promotions := func(c *Client) error { _, err := c.Promotions(t.Context()); return err }
	subsidies := func(c *Client) error { _, err := c.Subsidies(t.Context()); return err }
	ordersOf := func(c *Client) error { _, err := c.OrdersOf(t.Context(), "c"); return err }
	foreign := order()
	foreign["customer"] = "somebody else"
	discounted := order()
	discounted["discounts"] = []any{object{"rule": "d", "name": "减", "kind": "promotion", "off": 10, "lines": []any{9}}}
	for name, c := range map[string]struct {
		ask  func(*Client) error
		body any
		good bool
	}{
		"coupon":                     {coupons, items(coupon(nil)), true},
		"coupon of somebody else":    {coupons, items(coupon(object{"customer": "c2"})), false},
		"coupon of off and percent":  {coupons, items(coupon(object{"percent": 90})), false},
		"coupon worth nothing":       {coupons, items(coupon(object{"off": 0})), false},
		"coupon that costs":          {coupons, items(coupon(object{"off": -5})), false},
		"coupon over before it is":   {coupons, items(coupon(object{"from": "2026-11-02T00:00:00Z", "until": "2026-11-01T00:00:00Z"})), false},
		"promotion":                  {promotions, items(promotion(nil)), true},
		"promotion of a new kind":    {promotions, items(promotion(object{"kind": "lottery"})), false},
		"promotion without tiers":    {promotions, items(promotion(object{"tiers": []any{}})), false},
		"promotion above the price":  {promotions, items(promotion(object{"tiers": []any{object{"percent": 140}}})), false},
		"promotion that costs":       {promotions, items(promotion(object{"tiers": []any{object{"off": -1}}})), false},
		"promotion without a name":   {promotions, items(promotion(object{"name": ""})), false},
		"subsidy":                    {subsidies, items(subsidy(nil)), true},
		"subsidy without rates":      {subsidies, items(subsidy(object{"rates": []any{}})), false},
		"subsidy of twice the price": {subsidies, items(subsidy(object{"rates": []any{object{"percent": 200}}})), false},
		"subsidy of class nine":      {subsidies, items(subsidy(object{"rates": []any{object{"energy": 9, "percent": 20}}})), false},
		"own order":                  {ordersOf, items(order()), true},
		"order of somebody else":     {ordersOf, items(order(), foreign), false},
		"discount of no line":        {ordersOf, items(discounted), false},
	} {
		err := c.ask(answering(t, http.StatusOK, "application/json", c.body))
		if c.good != (err == nil) || err != nil && !errors.Is(err, shop.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A policy that cannot be meant is refused, in one line, and not as if the
// caller's request had been wrong.
func TestPolicyThatCannotBeMeantIsRefused(t *testing.T) {
	for name, body := range map[string]object{
		"days":  {"shop_name": "x", "return_days": -1, "price_days": 9999},
		"limit": {"shop_name": "x", "refund_max": -5},
		"name":  {"return_days": 7},
	} {
		_, err := answering(t, http.StatusOK, "application/json", body).Policy(t.Context())
		if !errors.Is(err, shop.ErrUnavailable) || errors.Is(err, shop.ErrInvalid) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "policy: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A write whose answer is about something else has an unknown end: it is not
// reported as done.
func TestAnswersToWritesMustBeAboutTheWrite(t *testing.T) {
	modified := order()
	modified["lines"] = []any{object{"product": "p", "name": "花瓶", "price": 100, "count": 1, "variant": "白色"}}
	for name, c := range map[string]struct {
		ask  func(*Client) error
		body any
	}{
		"another variant": {func(c *Client) error {
			_, err := c.Modify(t.Context(), "k", "1", shop.Modification{Variant: "黑色"})
			return err
		}, modified},
		"no such line": {func(c *Client) error {
			_, err := c.Modify(t.Context(), "k", "1", shop.Modification{Line: 3, Count: 1})
			return err
		}, modified},
		"another count": {func(c *Client) error {
			_, err := c.Modify(t.Context(), "k", "1", shop.Modification{Count: 2})
			return err
		}, modified},
		"refund still open": {func(c *Client) error {
			_, err := c.WithdrawRefund(t.Context(), "k", "r1")
			return err
		}, object{"id": "r1", "order": "1", "kind": "return", "state": "open", "amount": 1}},
		"coupon for somebody else": {func(c *Client) error {
			_, err := c.ClaimCoupon(t.Context(), "k", "c1", "ten")
			return err
		}, object{"id": "k1", "name": "券", "customer": "c2", "off": 10}},
		"notice of another product": {func(c *Client) error {
			_, err := c.NotifyRestock(t.Context(), "k", shop.RestockRequest{Customer: "c1", Product: "cup"})
			return err
		}, object{"id": "n", "customer": "c1", "product": "vase"}},
		"another amount": {func(c *Client) error {
			_, err := c.OpenRefund(t.Context(), "k", shop.RefundRequest{Order: "1", Kind: shop.RefundDifference, Amount: 500})
			return err
		}, object{"id": "r", "order": "1", "kind": "price-difference", "state": "open", "amount": 50000}},
	} {
		if err := c.ask(answering(t, http.StatusOK, "application/json", c.body)); !errors.Is(err, shop.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A system that serves the older half of the contract keeps working; the rest
// is told apart from "there is none".
func TestHalfAContract(t *testing.T) {
	old := []string{"/orders", "/customers/c02/orders", "/policy", "/parcels"}
	c := served(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if slices.ContainsFunc(old, func(p string) bool { return strings.HasPrefix(r.URL.Path, p) }) && r.Method == http.MethodGet {
				h.ServeHTTP(w, r)
				return
			}
			http.NotFound(w, r)
		})
	})
	if list, err := c.OrdersOf(t.Context(), "c02"); err != nil || len(list) == 0 {
		t.Errorf("orders: %v, %v", list, err)
	}
	for name, ask := range map[string]func() error{
		"promotions": func() error { _, err := c.Promotions(t.Context()); return err },
		"coupons":    func() error { _, err := c.Coupons(t.Context(), "c02"); return err },
		"subsidies":  func() error { _, err := c.Subsidies(t.Context()); return err },
		"modify": func() error {
			_, err := c.Modify(t.Context(), "k", "2667352095", shop.Modification{Count: 2})
			return err
		},
		"withdraw": func() error { _, err := c.WithdrawRefund(t.Context(), "k", "r5001"); return err },
	} {
		if err := ask(); !errors.Is(err, shop.ErrUnavailable) || errors.Is(err, shop.ErrNotFound) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A body that is not what the contract says changes nothing.
func TestBadBodiesChangeNothing(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h := Handler(s, nil, "")
	for path, bodies := range map[string][]string{
		"/orders/2629238819/modify":    {`{"line":0,"variant":"藏青 M码"`, `{"line":"0"}`, `{"line":0,"colour":"x"}`, `[]`, ``, `{"line":0,"count":1.5}`},
		"/orders/2667352095/instruct":  {`{"note":7}`, `{"note":"` + strings.Repeat("x", maxRequest) + `"}`, `{"text":"x"}`},
		"/refunds/r5001/withdraw":      {`{"really":true}`, `x`},
		"/customers/c02/coupons":       {`{"coupon":["a"]}`, `{"customer":"c01","coupon":"home15"}`},
		"/restock-notices":             {`{"customer":"c02","product":7}`, `null `},
		"/refunds":                     {`{"order":"2640580210","kind":"return","amount":"128"}`, `{"order":"2640580210","kind":"return","amount":12800.5}`},
		"/orders/2629238819/modify?x=": {`{"line":9223372036854775807,"variant":"x"}`, `{"line":-1,"variant":"x"}`},
	} {
		for _, body := range bodies {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
			r.Header.Set("Idempotency-Key", "k")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			var p problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); w.Code/100 != 4 || err != nil || p.Code == "" {
				t.Errorf("%s %.60s: %d %s", path, body, w.Code, w.Body)
			}
		}
	}
	if o, err := s.Order(t.Context(), "2629238819"); err != nil || o.Lines[0].Variant != "灰色 XL码" {
		t.Errorf("the order was changed: %+v, %v", o, err)
	}
	if o, err := s.Order(t.Context(), "2691717029"); err != nil || o.State != shop.StateRefunding {
		t.Errorf("the refund was withdrawn: %+v, %v", o, err)
	}
	if got, err := s.NoticesOf(t.Context(), "c02"); err != nil || len(got) != 0 {
		t.Errorf("notices: %+v, %v", got, err)
	}
}

// Every field of the Go types is in the contract and the other way round, so
// that a merchant who follows it loses nothing.
func TestContractNamesTheFields(t *testing.T) {
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `yaml:"properties"`
			} `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(Contract(), &doc); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{
		"Order": shop.Order{}, "Line": shop.Line{}, "Discount": shop.Discount{}, "Presale": shop.Presale{}, "Modification": shop.Modification{},
		"Product": shop.Product{}, "Promotion": shop.Promotion{}, "Coupon": shop.Coupon{}, "Subsidy": shop.Subsidy{}, "Scope": shop.Scope{},
		"RefundRequest": shop.RefundRequest{}, "RestockRequest": shop.RestockRequest{}, "Policy": shop.Policy{}, "Customer": shop.Customer{},
		"Address": shop.Address{}, "Parcel": shop.Parcel{}, "Article": shop.Article{}, "TicketRequest": shop.TicketRequest{}, "InvoiceRequest": shop.InvoiceRequest{},
	} {
		var described []string
		for f := range doc.Components.Schemas[name].Properties {
			described = append(described, f)
		}
		slices.Sort(described)
		if got := jsonFields(v); !slices.Equal(got, described) {
			t.Errorf("%s: the type has %v, the contract %v", name, got, described)
		}
	}
}
