package shop

import "time"

// OrderState is where an order stands.
type OrderState string

// The states, in the order in which a life usually goes.
const (
	StateToPay      OrderState = "to-pay"
	StatePaid       OrderState = "paid" // not shipped yet
	StateShipped    OrderState = "shipped"
	StateDelivering OrderState = "delivering" // the courier is on the way
	StateSigned     OrderState = "signed"
	StateRefunding  OrderState = "refunding"
	StateRefunded   OrderState = "refunded"
	StateCancelled  OrderState = "cancelled"
	StateClosed     OrderState = "closed" // finished, the time for returns is over
)

// States lists all of them.
func States() []OrderState {
	return []OrderState{StateToPay, StatePaid, StateShipped, StateDelivering, StateSigned,
		StateRefunding, StateRefunded, StateCancelled, StateClosed}
}

// Order is one purchase. Times that have not come are zero.
type Order struct {
	ID       string     `json:"id"`
	Customer string     `json:"customer"`
	State    OrderState `json:"state"`
	Lines    []Line     `json:"lines"`
	Shipping Fen        `json:"shipping"`
	// Discounts are what was taken off the lines, in the order in which it was.
	Discounts []Discount `json:"discounts,omitempty"`
	Total     Fen        `json:"total"` // lines and shipping, after discounts
	Address   Address    `json:"address"`
	Tracking  string     `json:"tracking,omitempty"`
	// Note is what the courier is asked: a time, a place, a call first.
	Note string `json:"note,omitempty"`
	// Presale is set where the order is paid in two parts.
	Presale *Presale `json:"presale,omitempty"`

	Created time.Time `json:"created"`
	Paid    time.Time `json:"paid,omitzero"`
	ShipBy  time.Time `json:"ship_by,omitzero"` // promised by the shop
	Shipped time.Time `json:"shipped,omitzero"`
	Signed  time.Time `json:"signed,omitzero"`
	Hurried time.Time `json:"hurried,omitzero"` // when the shopper last pressed for it
}

// Line is one product of an order.
type Line struct {
	Product string `json:"product"`
	Name    string `json:"name"`              // short, as it is spoken
	Variant string `json:"variant,omitempty"` // colour and size
	Price   Fen    `json:"price"`             // of one piece
	Count   int    `json:"count"`
}

// Discount is one reduction of an order. Off is positive.
type Discount struct {
	// Rule is the id of the promotion, coupon or subsidy; Name is what it is
	// called in speech.
	Rule string       `json:"rule"`
	Name string       `json:"name"`
	Kind DiscountKind `json:"kind"`
	Off  Fen          `json:"off"`
	// Lines lists the indices of the lines that it lowers; empty means all.
	Lines []int `json:"lines,omitempty"`
}

// DiscountKind says where a discount comes from.
type DiscountKind string

// The kinds of discounts.
const (
	DiscountMember    DiscountKind = "member"
	DiscountPromotion DiscountKind = "promotion"
	DiscountCoupon    DiscountKind = "coupon"
	DiscountSubsidy   DiscountKind = "subsidy"
)

// Presale is how an order is paid in two parts. What a deposit counts for
// beyond itself (定金膨胀) is a Discount of the order.
type Presale struct {
	Deposit Fen `json:"deposit"`
	Balance Fen `json:"balance"` // Total less Deposit
	// PayFrom and PayUntil bound the time in which the balance is due.
	PayFrom  time.Time `json:"pay_from,omitzero"`
	PayUntil time.Time `json:"pay_until,omitzero"`
	// DepositPaid and BalancePaid are zero until it happened.
	DepositPaid time.Time `json:"deposit_paid,omitzero"`
	BalancePaid time.Time `json:"balance_paid,omitzero"`
}

// Modification changes one line of an order that was not shipped. Variant ""
// and Count 0 leave things as they are.
type Modification struct {
	Line    int    `json:"line"` // index into Lines
	Variant string `json:"variant,omitempty"`
	Count   int    `json:"count,omitempty"`
}

// Address is where a parcel goes.
type Address struct {
	Name     string `json:"name"`
	Phone    string `json:"phone"`
	Province string `json:"province"`
	City     string `json:"city"`
	District string `json:"district"`
	Street   string `json:"street"`
}

// String writes the address on one line, without name and phone.
func (a Address) String() string {
	province := a.Province
	if province == a.City {
		province = ""
	}
	return province + a.City + a.District + a.Street
}

// Name is what the order is called in speech: its first product.
func (o Order) Name() string {
	if len(o.Lines) == 0 {
		return "商品"
	}
	return o.Lines[0].Name
}

// Has tells whether the order contains the product.
func (o Order) Has(product string) bool {
	for _, l := range o.Lines {
		if l.Product == product {
			return true
		}
	}
	return false
}

// Tail is the last four digits of the order number.
func (o Order) Tail() string { return tail(o.ID, 4) }

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[len(s)-n:]
}
