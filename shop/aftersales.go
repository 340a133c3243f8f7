package shop

import "time"

// RefundKind says what shall happen to goods and money.
type RefundKind string

// The kinds.
const (
	RefundOnly     RefundKind = "refund-only" // money back, goods stay or never left
	RefundReturn   RefundKind = "return"      // goods back, then money back
	RefundExchange RefundKind = "exchange"    // goods back, new goods out
	// RefundDifference pays back what a price has fallen by; the order stays
	// as it is.
	RefundDifference RefundKind = "price-difference"
	// RefundGoodwill pays a part back to somebody who keeps the goods; Retain
	// makes it, and nothing else.
	RefundGoodwill RefundKind = "goodwill"
)

// RefundKinds lists all of them.
func RefundKinds() []RefundKind {
	return []RefundKind{RefundOnly, RefundReturn, RefundExchange, RefundDifference, RefundGoodwill}
}

// Abates tells that money went back while the purchase stands: the pieces are
// still the buyer's, and worth that much less when they go back later.
func (k RefundKind) Abates() bool { return k == RefundDifference || k == RefundGoodwill }

// RefundLine names pieces of one line of the order.
type RefundLine struct {
	Line  int `json:"line"` // index into Order.Lines
	Count int `json:"count"`
}

// RefundRequest asks for one.
type RefundRequest struct {
	Order string     `json:"order"`
	Kind  RefundKind `json:"kind"`
	// Lines says which pieces it is about; empty means the whole order.
	Lines  []RefundLine `json:"lines,omitempty"`
	Amount Fen          `json:"amount"` // 0 for an exchange
	Reason string       `json:"reason"`
	Photos []string     `json:"photos,omitempty"`
}

// RefundState is where a refund stands.
type RefundState string

// The states of a refund.
const (
	RefundOpen     RefundState = "open"     // accepted, money or goods on the way
	RefundDone     RefundState = "done"     // paid back
	RefundRejected RefundState = "rejected" // by a person
	// RefundWithdrawn says that the shopper has taken it back.
	RefundWithdrawn RefundState = "withdrawn"
)

// Refund is a request that was taken.
type Refund struct {
	RefundRequest
	ID     string      `json:"id"`
	State  RefundState `json:"state"`
	Opened time.Time   `json:"opened"`
	Done   time.Time   `json:"done,omitzero"`
}

// InvoiceRequest asks for an electronic invoice.
type InvoiceRequest struct {
	Order string `json:"order"`
	Title string `json:"title"`            // a person or a company
	TaxID string `json:"tax_id,omitempty"` // of a company
}

// Invoice is one that was issued.
type Invoice struct {
	InvoiceRequest
	ID     string    `json:"id"`
	Amount Fen       `json:"amount"`
	Issued time.Time `json:"issued"`
}
