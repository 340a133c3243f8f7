package shophttp

import (
	"encoding/json"
	"testing"
	"time"

	"waggle/shop"
	"waggle/shop/offer"
)

// FuzzRecords reads bytes as a merchant's order, product, refund and policy:
// whatever passes the checks can be reckoned with, and no sum comes out that a
// customer must not hear.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"id":"1","customer":"c","state":"signed","total":900,"shipping":0,"created":"2026-11-01T10:00:00Z","signed":"2026-11-02T10:00:00Z",
		"lines":[{"product":"p","name":"n","price":500,"count":2}],"discounts":[{"rule":"d","name":"d","kind":"coupon","off":100}],"presale":{"deposit":100,"balance":800}}`),
		[]byte(`{"id":"p","name":"n","price":300,"stock":1,"size_chart":[{"size":"M","max_height":170,"max_weight":60}],"presale":{"deposit":1,"counts":2}}`),
		[]byte(`{"id":"r","order":"1","kind":"return","state":"open","amount":5,"lines":[{"line":0,"count":1}]}`),
		[]byte(`{"shop_name":"s","price_days":7,"free_shipping":100,"shipping_fee":8}`))
	f.Fuzz(func(t *testing.T, rawOrder, rawProduct, rawRefund, rawPolicy []byte) {
		var (
			o   shop.Order
			p   shop.Product
			r   shop.Refund
			pol shop.Policy
		)
		if json.Unmarshal(rawOrder, &o) != nil || json.Unmarshal(rawProduct, &p) != nil || json.Unmarshal(rawRefund, &r) != nil || json.Unmarshal(rawPolicy, &pol) != nil {
			return
		}
		if goodOrder(o) != nil || goodProduct(p) != nil || goodRefund(r) != nil || goodPolicy(pol) != nil {
			return
		}
		now := o.Created.Add(24 * time.Hour)
		before := []shop.Refund{r}
		if got, err := offer.Refund(o, []shop.RefundLine{{Count: 1}}, before); err == nil && (got.Amount <= 0 || got.Amount > o.Total) {
			t.Errorf("refund of %s of an order of %s", got.Amount, o.Total)
		}
		if got, err := offer.Protect(o, 0, p, before, pol, now); err == nil && (got.Amount <= 0 || got.Amount > o.Total) {
			t.Errorf("difference of %s of an order of %s", got.Amount, o.Total)
		}
		if got, err := offer.Price(offer.Cart{Items: []offer.Item{{Product: p, Count: 2}}}, offer.Rules{Policy: pol}); err == nil && got.Total < 0 {
			t.Errorf("a price of %s", got.Total)
		}
		_, _ = offer.Size(p, offer.Body{Height: 170, Weight: 60, Foot: 250})
		if got, err := offer.Presale(o, now); err == nil && got.Balance < 0 {
			t.Errorf("a balance of %s", got.Balance)
		}
		_, _ = offer.Presell(p, 2, now)
	})
}
