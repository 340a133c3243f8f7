package shophttp

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"waggle/shop"
)

// The checks of answers: what is spoken to a customer comes from here, so that
// a record of another order, an unknown state or a negative price must not
// pass. Messages name the field, never its content, which may be personal.

// maxText is the longest text of a field.
const maxText = 4000

// each applies a check to every item of a list.
func each[T any](check func(T) error) func(list[T]) error {
	return func(l list[T]) error {
		for i, item := range l.Items {
			if err := check(item); err != nil {
				return fmt.Errorf("item %d: %w", i, err)
			}
		}
		return nil
	}
}

func field(name string, good bool) error {
	if good {
		return nil
	}
	return fmt.Errorf("field %s", name)
}

// first is the first thing that is wrong: one line is enough to act on.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func written(s string) bool { return s != "" && len(s) <= maxText }

func goodCustomer(c shop.Customer) error {
	return first(field("id", written(c.ID)), field("phone", len(c.Phone) <= 20))
}

func sameCustomer(id string) func(shop.Customer) error {
	return func(c shop.Customer) error { return first(goodCustomer(c), field("id", c.ID == id)) }
}

func goodOrder(o shop.Order) error {
	err := first(field("id", written(o.ID)), field("customer", written(o.Customer)),
		field("state", slices.Contains(shop.States(), o.State)), field("total", o.Total >= 0), field("shipping", o.Shipping >= 0),
		field("created", !o.Created.IsZero()), field("lines", len(o.Lines) > 0 && len(o.Lines) <= 500))
	for _, l := range o.Lines {
		err = first(err, field("lines.name", written(l.Name)), field("lines.price", l.Price >= 0), field("lines.count", l.Count > 0))
	}
	return first(err, goodDiscount(o), goodPresale(o), inOrder(o.Created, o.Paid, o.Shipped, o.Signed))
}

// inOrder says that times which have come follow one another.
func inOrder(times ...time.Time) error {
	var last time.Time
	for _, t := range times {
		if t.IsZero() {
			continue
		}
		if t.Before(last) {
			return field("times: paid, shipped and signed must follow one another", false)
		}
		last = t
	}
	return nil
}

func sameOrder(id string) func(shop.Order) error {
	return func(o shop.Order) error { return first(goodOrder(o), field("id", o.ID == id)) }
}

// orderOf refuses an order of somebody else in a customer's list.
func orderOf(customer string) func(shop.Order) error {
	return func(o shop.Order) error { return first(goodOrder(o), field("customer", o.Customer == customer)) }
}

var parcelStates = []shop.ParcelState{shop.ParcelAccepted, shop.ParcelTransit, shop.ParcelDelivering,
	shop.ParcelLocker, shop.ParcelSigned, shop.ParcelDelayed}

func sameParcel(tracking string) func(shop.Parcel) error {
	return func(p shop.Parcel) error {
		err := first(field("tracking", p.Tracking == tracking), field("order", written(p.Order)),
			field("state", slices.Contains(parcelStates, p.State)), field("track", len(p.Track) <= 500))
		times := make([]time.Time, len(p.Track))
		for i, s := range p.Track {
			times[i] = s.At
			err = first(err, field("track.text", written(s.Text)))
		}
		return first(err, inOrder(times...))
	}
}

func goodProduct(p shop.Product) error {
	return first(field("id", written(p.ID)), field("name", written(p.Name)), field("price", p.Price >= 0), field("stock", p.Stock >= 0))
}

func sameProduct(id string) func(shop.Product) error {
	return func(p shop.Product) error { return first(goodProduct(p), field("id", p.ID == id)) }
}

var (
	refundKinds  = shop.RefundKinds()
	refundStates = []shop.RefundState{shop.RefundOpen, shop.RefundDone, shop.RefundRejected, shop.RefundWithdrawn}
)

func goodRefund(r shop.Refund) error {
	return first(field("id", written(r.ID)), field("order", written(r.Order)), field("kind", slices.Contains(refundKinds, r.Kind)),
		field("state", slices.Contains(refundStates, r.State)), field("amount", r.Amount >= 0))
}

func refundOf(order string) func(shop.Refund) error {
	return func(r shop.Refund) error { return first(goodRefund(r), field("order", r.Order == order)) }
}

func ticketOf(customer string) func(shop.Ticket) error {
	return func(t shop.Ticket) error { return first(goodTicket(t), field("customer", t.Customer == customer)) }
}

// sameRefund holds the answer to what was agreed with the customer.
func sameRefund(q shop.RefundRequest) func(shop.Refund) error {
	return func(r shop.Refund) error {
		return first(goodRefund(r), field("order", r.Order == q.Order), field("kind", r.Kind == q.Kind), field("amount", r.Amount == q.Amount))
	}
}

func sameInvoice(q shop.InvoiceRequest) func(shop.Invoice) error {
	return func(v shop.Invoice) error {
		return first(field("id", written(v.ID)), field("order", v.Order == q.Order), field("amount", v.Amount >= 0))
	}
}

func goodTicket(t shop.Ticket) error {
	return first(field("id", written(t.ID)), field("kind", written(t.Kind)), field("due", !t.Due.Before(t.Opened)))
}

// goodPolicy says the first thing that is wrong, and that the system said it:
// the verdict "invalid request" is for requests.
func goodPolicy(p shop.Policy) error {
	err := p.Validate()
	if err == nil {
		return nil
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(strings.TrimSuffix(line, ": "+shop.ErrInvalid.Error()))
}

func goodArticle(a shop.Article) error {
	return first(field("id", written(a.ID)), field("answer", written(a.Answer)), field("questions", len(a.Questions) > 0))
}
