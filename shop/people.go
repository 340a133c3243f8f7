package shop

import "time"

// Customer is a person who buys here.
type Customer struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`
	Title   string  `json:"title"` // 先生, 女士
	Phone   string  `json:"phone"` // digits, without +86
	VIP     bool    `json:"vip,omitempty"`
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
	// return, hand-off or other.
	Kind     string   `json:"kind"`
	Customer string   `json:"customer,omitempty"`
	Order    string   `json:"order,omitempty"`
	Text     string   `json:"text"`
	Photos   []string `json:"photos,omitempty"`
}

// Policy holds the rules that the merchant lets the robot speak and act by.
type Policy struct {
	ShopName string `json:"shop_name"`
	Robot    string `json:"robot"` // its name
	Hours    string `json:"hours"` // of the people, as it is spoken
	// ReturnDays is the time for returning without a reason, from signing.
	ReturnDays int `json:"return_days"`
	// QualityDays is the time for returning what is broken or wrong.
	QualityDays int `json:"quality_days"`
	// RefundMax is the largest amount the robot may pay back by itself.
	RefundMax Fen `json:"refund_max"`
	// RefundArrives, ShipWithin and TicketWithin are promises as spoken.
	RefundArrives string `json:"refund_arrives"`
	ShipWithin    string `json:"ship_within"`
	TicketWithin  string `json:"ticket_within"`
	// FreeShipping is the amount above which shipping is free.
	FreeShipping Fen `json:"free_shipping"`
	// PhotoScore is the least score of a damage finding that counts as seen.
	PhotoScore float32 `json:"photo_score"`
	// NoReturn lists categories that cannot be returned without a reason.
	NoReturn []string `json:"no_return,omitempty"`
}

// Article is one entry of the question base.
type Article struct {
	ID        string   `json:"id"`
	Topic     string   `json:"topic"`
	Questions []string `json:"questions"`
	// Answer is what is said; it may state only what the merchant wrote here.
	Answer string `json:"answer"`
}
