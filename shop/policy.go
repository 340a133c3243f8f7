package shop

import (
	"errors"
	"fmt"
	"slices"
)

// Policy holds the rules that the merchant lets the robot speak and act by.
// A rule that is zero or empty is not offered.
type Policy struct {
	ShopName string `json:"shop_name"`
	Robot    string `json:"robot"` // its name
	Hours    string `json:"hours"` // of the people, as it is spoken
	// ReturnDays is the time for returning without a reason, from signing.
	ReturnDays int `json:"return_days"`
	// QualityDays is the time for returning what is broken or wrong.
	QualityDays int `json:"quality_days"`
	// ExchangeDays is the time for another size or colour, from signing; 0
	// means ReturnDays.
	ExchangeDays int `json:"exchange_days,omitempty"`
	// RefundMax is the largest amount the robot may pay back by itself.
	RefundMax Fen `json:"refund_max"`
	// VIPRefundMax is RefundMax for VIPs; 0 means the same for everybody.
	VIPRefundMax Fen `json:"vip_refund_max,omitempty"`
	// VIPToPerson sends the complaints and refusals of VIPs to a person.
	VIPToPerson bool `json:"vip_to_person,omitempty"`
	// RefundArrives, ShipWithin and TicketWithin are promises as spoken.
	RefundArrives string `json:"refund_arrives"`
	ShipWithin    string `json:"ship_within"`
	TicketWithin  string `json:"ticket_within"`
	// FreeShipping is the amount above which shipping is free.
	FreeShipping Fen `json:"free_shipping"`
	// ShippingFee is what shipping costs below FreeShipping.
	ShippingFee Fen `json:"shipping_fee,omitempty"`
	// Remote lists the provinces where shipping is never free and costs
	// RemoteFee.
	Remote    []string `json:"remote,omitempty"`
	RemoteFee Fen      `json:"remote_fee,omitempty"`
	// PhotoScore is the least score of a damage finding that counts as seen.
	PhotoScore float32 `json:"photo_score"`
	// NoReturn lists categories that cannot be returned without a reason.
	NoReturn []string `json:"no_return,omitempty"`
	// ReturnFreight says who pays for sending goods back.
	ReturnFreight ReturnFreight `json:"return_freight,omitzero"`
	// PriceDays is the time of price protection, from signing; before signing
	// it always holds. 0 offers none.
	PriceDays int `json:"price_days,omitempty"`
	// PriceExempt lists categories without price protection.
	PriceExempt []string `json:"price_exempt,omitempty"`
	// Stacking says which discounts hold together.
	Stacking Stacking `json:"stacking,omitzero"`
	// Retention lists what the robot may offer to somebody who would send goods
	// back or call an order off; of the rules that hold the first counts.
	Retention []RetentionRule `json:"retention,omitempty"`
	// PayHours is how long an unpaid order is kept.
	PayHours int `json:"pay_hours,omitempty"`
	// NotReceivedHours is how soon the courier must answer when a parcel is
	// shown as signed and the shopper does not have it.
	NotReceivedHours int `json:"not_received_hours,omitempty"`
	// PointsPerYuan is what a yuan earns; PointsOfYuan of them are worth one.
	PointsPerYuan int `json:"points_per_yuan,omitempty"`
	PointsOfYuan  int `json:"points_of_yuan,omitempty"`
}

// Payer is who pays for something.
type Payer string

// The payers.
const (
	PayerShop  Payer = "shop"
	PayerBuyer Payer = "buyer"
)

// ReturnFreight says who pays for sending goods back, by the reason.
type ReturnFreight struct {
	Quality  Payer `json:"quality"`   // broken, wrong or missing goods
	NoReason Payer `json:"no_reason"` // does not fit, not liked
	// Insured is the most that the freight insurance which comes with every
	// order pays to the buyer; 0 means there is none.
	Insured Fen `json:"insured,omitempty"`
}

// Stacking says which discounts hold together on one order.
type Stacking struct {
	// Member lets the member price and promotions hold together; otherwise
	// the better of the two counts.
	Member bool `json:"member"`
	// Coupon lets a coupon and shop-wide promotions hold together; otherwise
	// the better of the two counts.
	Coupon bool `json:"coupon"`
	// Coupons is how many coupons one order may use; 0 means one.
	Coupons int `json:"coupons,omitempty"`
}

// RefundLimit is the largest amount that may be paid back to the customer
// without a person.
func (p Policy) RefundLimit(c Customer) Fen {
	if c.VIP {
		return max(p.RefundMax, p.VIPRefundMax)
	}
	return p.RefundMax
}

// Returnable tells whether goods of the category go back without a reason.
func (p Policy) Returnable(category string) bool { return !slices.Contains(p.NoReturn, category) }

// Freight is who pays for sending goods back; the buyer when nothing is said.
func (p Policy) Freight(quality bool) Payer {
	payer := p.ReturnFreight.NoReason
	if quality {
		payer = p.ReturnFreight.Quality
	}
	if payer == "" {
		return PayerBuyer
	}
	return payer
}

// The most that a rule may say; more is a slip of a pen.
const (
	maxDays  = 365
	maxHours = 24 * 30
	maxRule  = Fen(10_000_000) // 100,000 yuan
)

// Validate names every rule that cannot be meant. An error wraps ErrInvalid.
func (p Policy) Validate() error {
	var wrong []error
	say := func(bad bool, rule, must string) {
		if bad {
			wrong = append(wrong, fmt.Errorf("policy: %s must be %s: %w", rule, must, ErrInvalid))
		}
	}
	say(p.ShopName == "", "shop_name", "written")
	for rule, days := range map[string]int{"return_days": p.ReturnDays, "quality_days": p.QualityDays,
		"exchange_days": p.ExchangeDays, "price_days": p.PriceDays} {
		say(days < 0 || days > maxDays, rule, fmt.Sprintf("0 to %d", maxDays))
	}
	for rule, hours := range map[string]int{"pay_hours": p.PayHours, "not_received_hours": p.NotReceivedHours} {
		say(hours < 0 || hours > maxHours, rule, fmt.Sprintf("0 to %d", maxHours))
	}
	for rule, sum := range map[string]Fen{"refund_max": p.RefundMax, "vip_refund_max": p.VIPRefundMax, "free_shipping": p.FreeShipping,
		"shipping_fee": p.ShippingFee, "remote_fee": p.RemoteFee, "return_freight.insured": p.ReturnFreight.Insured} {
		say(sum < 0 || sum > maxRule, rule, "0 to "+maxRule.String()+" yuan")
	}
	for rule, payer := range map[string]Payer{"return_freight.quality": p.ReturnFreight.Quality, "return_freight.no_reason": p.ReturnFreight.NoReason} {
		say(!slices.Contains([]Payer{"", PayerShop, PayerBuyer}, payer), rule, "shop or buyer")
	}
	for i, r := range p.Retention {
		say(!r.sound(), fmt.Sprintf("retention.%d", i), "a coupon with its id, or goodwill with percent and most")
	}
	say(p.PhotoScore < 0 || p.PhotoScore > 1, "photo_score", "0 to 1")
	say(p.VIPRefundMax != 0 && p.VIPRefundMax < p.RefundMax, "vip_refund_max", "refund_max at least")
	say(p.Stacking.Coupons < 0 || p.Stacking.Coupons > 5, "stacking.coupons", "0 to 5")
	say(p.PointsPerYuan < 0 || p.PointsOfYuan < 0, "points", "0 or more")
	say(len(p.Remote) > 0 && p.RemoteFee == 0, "remote_fee", "set where remote provinces are named")
	return errors.Join(wrong...)
}

// Shipping is what shipping costs for goods of that value to the address.
func (p Policy) Shipping(goods Fen, to Address) Fen {
	switch {
	case slices.Contains(p.Remote, to.Province):
		return p.RemoteFee
	case goods >= p.FreeShipping:
		return 0
	}
	return p.ShippingFee
}
