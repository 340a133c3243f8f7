package shop

import (
	"slices"
	"time"
)

// Scope says which products a rule is about: all of them when it is empty.
// Except always wins.
type Scope struct {
	Categories []string `json:"categories,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
	Products   []string `json:"products,omitempty"`
	Except     []string `json:"except,omitempty"` // ids of products
}

// Holds tells whether the scope takes the product in.
func (s Scope) Holds(p Product) bool {
	if slices.Contains(s.Except, p.ID) {
		return false
	}
	if len(s.Categories)+len(s.Kinds)+len(s.Products) == 0 {
		return true
	}
	return slices.Contains(s.Categories, p.Category) || slices.Contains(s.Kinds, p.Kind) || slices.Contains(s.Products, p.ID)
}

// PromotionKind says how a promotion counts.
type PromotionKind string

// The kinds of promotions.
const (
	// PromotionTiers takes off the amount of the highest tier that the sum
	// reaches: 满199减20，满399减50.
	PromotionTiers PromotionKind = "tiers"
	// PromotionEach takes its one tier off again and again: 每满300减50.
	PromotionEach PromotionKind = "each"
	// PromotionRate lowers every piece to a share of its price: 全场八五折.
	PromotionRate PromotionKind = "rate"
	// PromotionPieces does so from a number of pieces on: 2件9折，3件8折.
	PromotionPieces PromotionKind = "pieces"
)

// Tier is one step of a promotion.
type Tier struct {
	Over   Fen `json:"over,omitempty"`   // the sum from which it holds
	Pieces int `json:"pieces,omitempty"` // the number of pieces from which it holds
	Off    Fen `json:"off,omitempty"`
	// Percent is the share that is still paid: 85 is 八五折.
	Percent int `json:"percent,omitempty"`
}

// Promotion is a rule that lowers an order by itself. Of the promotions of one
// Group only the best for the buyer holds; those of different groups hold
// together, rates before sums.
type Promotion struct {
	ID    string        `json:"id"`
	Name  string        `json:"name"` // as it is spoken
	Kind  PromotionKind `json:"kind"`
	Group string        `json:"group,omitempty"`
	Scope Scope         `json:"scope,omitzero"`
	// Tiers, the lowest first. One for PromotionEach and PromotionRate.
	Tiers []Tier `json:"tiers"`
	// Most bounds what is taken off; 0 does not.
	Most  Fen       `json:"most,omitempty"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
}

// Holds tells whether the promotion is on at the time.
func (p Promotion) Holds(at time.Time) bool { return within(p.From, p.Until, at) }

// within is [from, until); a zero bound is open.
func within(from, until, at time.Time) bool {
	return (from.IsZero() || !at.Before(from)) && (until.IsZero() || at.Before(until))
}

// Coupon is a reduction that a customer holds. Exactly one of Off and Percent
// is set.
type Coupon struct {
	ID       string `json:"id"`
	Name     string `json:"name"` // as it is spoken
	Customer string `json:"customer,omitempty"`
	// Of is the id of the coupon that was claimed.
	Of    string `json:"of,omitempty"`
	Scope Scope  `json:"scope,omitzero"`
	Over  Fen    `json:"over,omitempty"` // the sum from which it holds
	Off   Fen    `json:"off,omitempty"`
	// Percent is the share that is still paid, at most Most is taken off.
	Percent int `json:"percent,omitempty"`
	Most    Fen `json:"most,omitempty"`
	// Alone says that it holds with no shop promotion.
	Alone bool      `json:"alone,omitempty"`
	From  time.Time `json:"from,omitzero"`
	Until time.Time `json:"until,omitzero"`
	Used  time.Time `json:"used,omitzero"`
	Order string    `json:"order,omitempty"` // that it was used for
}

// Holds tells whether the coupon can be used at the time.
func (c Coupon) Holds(at time.Time) bool { return c.Used.IsZero() && within(c.From, c.Until, at) }

// Subsidy is one row of a table of public subsidies: who buys what where gets
// how much of the price back at once.
type Subsidy struct {
	ID   string `json:"id"`
	Name string `json:"name"` // as it is spoken
	// Regions lists provinces or cities of the delivery address; empty means
	// everywhere.
	Regions []string `json:"regions,omitempty"`
	Scope   Scope    `json:"scope"`
	// Rates gives the share by energy class.
	Rates []SubsidyRate `json:"rates"`
	// Cap is the most for one piece; PerPerson the number of pieces, 0 for
	// any number.
	Cap       Fen `json:"cap"`
	PerPerson int `json:"per_person,omitempty"`
	// PriceMax is the highest price of a piece that is subsidised; 0 is any.
	PriceMax Fen `json:"price_max,omitempty"`
	// TradeIn says that an old device must be given back.
	TradeIn bool      `json:"trade_in,omitempty"`
	From    time.Time `json:"from,omitzero"`
	Until   time.Time `json:"until,omitzero"`
}

// SubsidyRate is the share in per cent for an energy class; class 0 holds for
// products without an energy label.
type SubsidyRate struct {
	Energy  int `json:"energy"`
	Percent int `json:"percent"`
}

// Holds tells whether the row is in force at the time.
func (s Subsidy) Holds(at time.Time) bool { return within(s.From, s.Until, at) }
