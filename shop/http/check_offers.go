package shophttp

import (
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// modifiedOrder holds the answer to what was agreed with the customer.
func modifiedOrder(id string, m shop.Modification) func(shop.Order) error {
	return func(o shop.Order) error {
		if err := sameOrder(id)(o); err != nil {
			return err
		}
		if m.Line < 0 || m.Line >= len(o.Lines) {
			return field("lines", false)
		}
		l := o.Lines[m.Line]
		return first(field("lines.variant", m.Variant == "" || l.Variant == m.Variant), field("lines.count", m.Count == 0 || l.Count == m.Count))
	}
}

func withdrawnRefund(id string) func(shop.Refund) error {
	return func(r shop.Refund) error {
		return first(goodRefund(r), field("id", r.ID == id), field("state", r.State == shop.RefundWithdrawn))
	}
}

func goodDiscount(o shop.Order) error {
	for _, d := range o.Discounts {
		err := first(field("discounts.name", written(d.Name)), field("discounts.off", d.Off >= 0))
		for _, l := range d.Lines {
			err = first(err, field("discounts.lines", l >= 0 && l < len(o.Lines)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func goodPresale(o shop.Order) error {
	p := o.Presale
	if p == nil {
		return nil
	}
	return first(field("presale.deposit", p.Deposit >= 0 && p.Deposit <= o.Total), field("presale.balance", p.Balance == o.Total-p.Deposit), span("presale", p.PayFrom, p.PayUntil))
}

// span says that a time does not end before it begins.
func span(name string, from, until time.Time) error {
	return field(name+": until must come after from", from.IsZero() || until.IsZero() || !until.Before(from))
}

var promotionKinds = []shop.PromotionKind{shop.PromotionTiers, shop.PromotionEach, shop.PromotionRate, shop.PromotionPieces}

func goodPromotion(p shop.Promotion) error {
	err := first(field("id", written(p.ID)), field("name", written(p.Name)), field("kind", slices.Contains(promotionKinds, p.Kind)),
		field("tiers", len(p.Tiers) > 0 && len(p.Tiers) <= 20), field("most", p.Most >= 0), span("times", p.From, p.Until))
	for i, t := range p.Tiers {
		err = first(err, field(fmt.Sprintf("tiers.%d", i), t.Over >= 0 && t.Pieces >= 0 && t.Off >= 0 && t.Percent >= 0 && t.Percent <= 100))
	}
	return err
}

func couponOf(customer string) func(shop.Coupon) error {
	return func(c shop.Coupon) error {
		return first(field("id", written(c.ID)), field("name", written(c.Name)), field("customer", c.Customer == customer),
			field("over", c.Over >= 0), field("off", c.Off >= 0), field("percent", c.Percent >= 0 && c.Percent <= 100),
			field("off or percent", (c.Off > 0) != (c.Percent > 0)), span("times", c.From, c.Until))
	}
}

func goodSubsidy(s shop.Subsidy) error {
	err := first(field("id", written(s.ID)), field("name", written(s.Name)), field("cap", s.Cap >= 0), field("per_person", s.PerPerson >= 0),
		field("price_max", s.PriceMax >= 0), field("rates", len(s.Rates) > 0 && len(s.Rates) <= 10), span("times", s.From, s.Until))
	for _, r := range s.Rates {
		err = first(err, field("rates", r.Percent > 0 && r.Percent <= 100 && r.Energy >= 0 && r.Energy <= 5))
	}
	return err
}

func noticeOf(customer string) func(shop.RestockNotice) error {
	return func(n shop.RestockNotice) error {
		return first(field("id", written(n.ID)), field("product", written(n.Product)), field("customer", n.Customer == customer))
	}
}

func sameNotice(q shop.RestockRequest) func(shop.RestockNotice) error {
	return func(n shop.RestockNotice) error {
		return first(noticeOf(q.Customer)(n), field("product", n.Product == q.Product))
	}
}
