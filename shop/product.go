package shop

import (
	"slices"
	"time"
)

// Product is one article of the catalogue.
type Product struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Name     string `json:"name"` // short, as it is spoken
	Category string `json:"category"`
	// Kind is what it is, finer than the category: 冰箱, 衬衫.
	Kind    string   `json:"kind,omitempty"`
	Aliases []string `json:"aliases,omitempty"`
	Price   Fen      `json:"price"`
	// MemberPrice is what members pay for a piece; 0 means Price.
	MemberPrice Fen `json:"member_price,omitempty"`
	// Stock counts all variants together.
	Stock int `json:"stock"`
	// Variants lists the stock of each colour and size; empty means that they
	// are not counted apart.
	Variants []Variant `json:"variants,omitempty"`
	// Restock is when it comes back, zero when that is not known.
	Restock time.Time `json:"restock,omitzero"`
	Colours []string  `json:"colours,omitempty"`
	Sizes   []string  `json:"sizes,omitempty"`
	// Attributes are typed facts in the order in which they are shown.
	Attributes []Attribute `json:"attributes"`
	// SizeChart tells which size fits whom; empty where there are no sizes.
	SizeChart []SizeRow `json:"size_chart,omitempty"`
	// GoesWith lists products that suit it.
	GoesWith []string `json:"goes_with,omitempty"`
	// PartOf lists products that it is an accessory or spare part of.
	PartOf []string `json:"part_of,omitempty"`
	// Replaces lists older products that it stands in for.
	Replaces []string `json:"replaces,omitempty"`
	// SameStyle lists products that look alike.
	SameStyle []string `json:"same_style,omitempty"`
	// Energy is the class of the energy label, 1 (best) to 5; 0 has none.
	Energy int `json:"energy,omitempty"`
	// Presale is set while it is sold ahead.
	Presale *PresaleTerms `json:"presale,omitempty"`
	// Image is a path of the picture inside the shop's image file system.
	Image string `json:"image"`
}

// Variant is one colour and size of a product.
type Variant struct {
	Colour string `json:"colour,omitempty"`
	Size   string `json:"size,omitempty"`
	Stock  int    `json:"stock"`
}

// Name writes the variant as a Line does: 白色 L码.
func (v Variant) Name() string {
	switch {
	case v.Size == "":
		return v.Colour
	case v.Colour == "":
		return v.Size + "码"
	}
	return v.Colour + " " + v.Size + "码"
}

// PresaleTerms are how a product that is sold ahead is paid.
type PresaleTerms struct {
	Deposit Fen `json:"deposit"`
	// Counts is what the deposit is worth in the end: Deposit or more.
	Counts Fen `json:"counts"`
	// Until ends the time for the deposit; the balance is paid between PayFrom
	// and PayUntil; Ships is when the goods leave.
	Until    time.Time `json:"until,omitzero"`
	PayFrom  time.Time `json:"pay_from,omitzero"`
	PayUntil time.Time `json:"pay_until,omitzero"`
	Ships    time.Time `json:"ships,omitzero"`
}

// Attribute is one fact about a product, as it is spoken.
type Attribute struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// SizeRow says for which body a size is made: height in cm, weight in kg,
// upper bounds included; for shoes the length of the foot in mm.
type SizeRow struct {
	Size      string `json:"size"`
	MinHeight int    `json:"min_height,omitempty"`
	MaxHeight int    `json:"max_height,omitempty"`
	MinWeight int    `json:"min_weight,omitempty"`
	MaxWeight int    `json:"max_weight,omitempty"`
	Foot      int    `json:"foot,omitempty"`
}

// Attribute looks one up by name.
func (p Product) Attribute(name string) (value string, ok bool) {
	for _, a := range p.Attributes {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// StockOf counts the pieces in stock of a variant. An empty colour or size
// stands for any; ok is false when no such variant is sold. A product whose
// variants are not counted apart answers with all of its stock.
func (p Product) StockOf(colour, size string) (n int, ok bool) {
	if len(p.Variants) == 0 {
		known := (colour == "" || slices.Contains(p.Colours, colour)) && (size == "" || slices.Contains(p.Sizes, size))
		return p.Stock, known
	}
	for _, v := range p.Variants {
		if (colour == "" || v.Colour == colour) && (size == "" || v.Size == size) {
			n, ok = n+v.Stock, true
		}
	}
	return n, ok
}

// RestockRequest asks to be told when something is back in stock.
type RestockRequest struct {
	Customer string `json:"customer"`
	Product  string `json:"product"`
	Variant  string `json:"variant,omitempty"` // as Line.Variant
}

// RestockNotice is one that was taken.
type RestockNotice struct {
	RestockRequest
	ID    string    `json:"id"`
	Taken time.Time `json:"taken"`
}
