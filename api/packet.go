package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/shop"
	"waggle/vision"
)

// CustomerRecords is what an operator is shown of the shop.
type CustomerRecords interface {
	Customer(ctx context.Context, id string) (shop.Customer, error)
	Order(ctx context.Context, id string) (shop.Order, error)
	Parcel(ctx context.Context, tracking string) (shop.Parcel, error)
	RefundsOf(ctx context.Context, order string) ([]shop.Refund, error)
	TicketsOf(ctx context.Context, customer string) ([]shop.Ticket, error)
}

// Packet is what an operator needs to go on with a conversation: who it is,
// why a person is wanted, and what it is about. What was said is in the
// conversation's log.
type Packet struct {
	Conversation string         `json:"conversation"`
	Channel      dialog.Channel `json:"channel"`
	Started      time.Time      `json:"started"`
	Ended        bool           `json:"ended,omitempty"`
	// From is the caller's number or a login, with most digits masked.
	From string `json:"from,omitempty"`
	// Handed is nil while the robot answers.
	Handed   *dialog.Handed  `json:"handed,omitempty"`
	Customer *PacketCustomer `json:"customer,omitempty"`
	Order    *PacketOrder    `json:"order,omitempty"`
	Tickets  []shop.Ticket   `json:"tickets,omitempty"`
	Photos   []PacketPhoto   `json:"photos,omitempty"`
	// Missing names what the shop's system did not tell: customer, order,
	// parcel, refunds or tickets.
	Missing []string `json:"missing,omitempty"`
}

// PacketCustomer is a customer without what no answer needs.
type PacketCustomer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Phone string `json:"phone,omitempty"` // masked
	Level string `json:"level,omitempty"`
	VIP   bool   `json:"vip,omitempty"`
	// Known tells that the caller has proved to be this customer.
	Known bool `json:"known"`
}

// PacketOrder is the order in focus with where it stands.
type PacketOrder struct {
	ID      string          `json:"id"`
	State   shop.OrderState `json:"state"`
	Lines   []shop.Line     `json:"lines"`
	Total   shop.Fen        `json:"total"`
	Created time.Time       `json:"created"`
	Signed  time.Time       `json:"signed,omitzero"`
	Parcel  *shop.Parcel    `json:"parcel,omitempty"`
	Refunds []shop.Refund   `json:"refunds,omitempty"`
}

// PacketPhoto is a photo of the conversation with what was found on it. Its
// pictures are at /v1/photos/PHOTO, and overlay and swatch below
// /v1/conversations/ID/photos/PHOTO.
type PacketPhoto struct {
	vision.Seen
	At time.Time `json:"at"`
	// Overlay tells that something was found in a place, Swatch that colours
	// were compared.
	Overlay bool `json:"overlay,omitempty"`
	Swatch  bool `json:"swatch,omitempty"`
}

// getPacket collects the packet of a conversation.
func (s *Server) getPacket(c *gin.Context) {
	entries, err := s.Conversations.Entries(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	state := dialog.Replay(entries)
	p := Packet{Conversation: c.Param("id"), Channel: state.Channel, Ended: state.Ended, Handed: state.Handed}
	for _, e := range entries {
		if e.Opening != nil {
			p.Started, p.From = e.At, maskNumber(e.Opening.From)
		}
		if e.Turn != nil {
			p.Photos = append(p.Photos, photosOf(*e.Turn, e.At)...)
		}
	}
	p.who(c.Request.Context(), s.Customers, state.Caller)
	order := state.Order
	if p.Handed != nil && p.Handed.Order != "" {
		order = p.Handed.Order
	}
	p.about(c.Request.Context(), s.Customers, order)
	c.JSON(http.StatusOK, p)
}

// maskNumber leaves the first three and the last four characters of a number:
// enough to tell callers apart, too little to call them.
func maskNumber(from string) string {
	const head, tail = 3, 4
	if r := []rune(from); len(r) > head+tail {
		return string(r[:head]) + "****" + string(r[len(r)-tail:])
	}
	return from
}

func photosOf(t dialog.Turn, at time.Time) (out []PacketPhoto) {
	for _, seen := range t.Pictures() {
		p := PacketPhoto{Seen: seen, At: at}
		for _, f := range seen.Findings {
			p.Overlay = p.Overlay || f.Located() || f.Kind == vision.KindOrigin && f.Box.W > 0
			p.Swatch = p.Swatch || f.Kind == vision.KindColour && f.Label != vision.LabelCannotTell
		}
		out = append(out, p)
	}
	return out
}

// lacks notes what could not be read; that there is none is no lack.
func (p *Packet) lacks(what string, err error) bool {
	if err != nil && !errors.Is(err, shop.ErrNotFound) {
		p.Missing = append(p.Missing, what)
	}
	return err != nil
}

func (p *Packet) who(ctx context.Context, records CustomerRecords, caller dialog.Caller) {
	if caller.Customer == "" {
		return
	}
	who, err := records.Customer(ctx, caller.Customer)
	if p.lacks("customer", err) {
		return
	}
	p.Customer = &PacketCustomer{ID: who.ID, Name: who.Name, Title: who.Title, Phone: maskNumber(who.Phone),
		Level: who.Level, VIP: who.VIP, Known: caller.Known}
	if p.Tickets, err = records.TicketsOf(ctx, who.ID); p.lacks("tickets", err) {
		p.Tickets = nil
	}
}

func (p *Packet) about(ctx context.Context, records CustomerRecords, order string) {
	if order == "" {
		return
	}
	o, err := records.Order(ctx, order)
	if p.lacks("order", err) {
		return
	}
	p.Order = &PacketOrder{ID: o.ID, State: o.State, Lines: o.Lines, Total: o.Total, Created: o.Created, Signed: o.Signed}
	if o.Tracking != "" {
		if parcel, err := records.Parcel(ctx, o.Tracking); !p.lacks("parcel", err) {
			p.Order.Parcel = &parcel
		}
	}
	if p.Order.Refunds, err = records.RefundsOf(ctx, o.ID); p.lacks("refunds", err) {
		p.Order.Refunds = nil
	}
}
