package shop

import "time"

// Customer is a person who buys here.
type Customer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title"` // 先生, 女士
	Phone string `json:"phone"` // digits, without +86
	VIP   bool   `json:"vip,omitempty"`
	// Level is the name of the member level; empty is no member.
	Level   string  `json:"level,omitempty"`
	Points  int     `json:"points,omitempty"`
	Address Address `json:"address"`
}

// Ticket is a case for a person at the shop.
type Ticket struct {
	TicketRequest
	ID     string    `json:"id"`
	Opened time.Time `json:"opened"`
	// Due is when the shopper may expect an answer.
	Due time.Time `json:"due"`
}

// TicketRequest asks for one.
type TicketRequest struct {
	// Kind is complaint, damaged, missing, wrong-item, colour, exchange,
	// return, not-received, dispute, bulk, hand-off or other.
	Kind     string   `json:"kind"`
	Customer string   `json:"customer,omitempty"`
	Order    string   `json:"order,omitempty"`
	Text     string   `json:"text"`
	Photos   []string `json:"photos,omitempty"`
}

// Article is one entry of the question base.
type Article struct {
	ID        string   `json:"id"`
	Topic     string   `json:"topic"`
	Questions []string `json:"questions"`
	// Answer is what is said; it may state only what the merchant wrote here.
	Answer string `json:"answer"`
}
