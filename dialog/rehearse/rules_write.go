package rehearse

import (
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/shop"
)

// handOff is the kind of ticket that calls a human: it is what was asked for,
// and changes nothing of the shopper's.
const handOff = "hand-off"

// deed judges one write.
func (j *judge) deed(m Move, r dialog.Reply, d deed, broken func(Rule, string, ...any)) {
	o, about := j.before.records["order "+d.orderID(j.before)].(shop.Order)
	owner := d.owner(o)
	if owner != "" && owner != j.who {
		broken(RuleIdentity, "%s for %s, while %q is known", d.Kind, owner, j.who)
	}
	if d.Ticket != nil && d.Ticket.Kind == handOff && r.HandOff != nil {
		return
	}
	if !m.Yes {
		broken(RuleConsent, "%s %s was written on %q, which is no yes to it", d.Kind, d.Order, m.Say)
		return
	}
	if missing := j.notReadBack(d, o, about); missing != "" {
		broken(RuleReadBack, "%s %s without %s in the question", d.Kind, d.Order, missing)
	}
	if d.Refund != nil && about {
		j.money(d, o, broken)
	}
}

// orderID is the order that a write is about, also where it names a refund.
func (d deed) orderID(before *Snapshot) string {
	if d.Order != "" {
		return d.Order
	}
	if r, ok := before.records["refund "+d.Withdrawn].(shop.Refund); ok {
		return r.Order
	}
	return ""
}

// owner is the customer whom a write is about; empty when it is nobody's.
func (d deed) owner(o shop.Order) string {
	switch {
	case o.Customer != "":
		return o.Customer
	case d.Ticket != nil:
		return d.Ticket.Customer
	case d.Restock != nil:
		return d.Restock.Customer
	}
	return d.Customer
}

// memory is how many replies back a read-back may have begun: a digression may
// stand between the details and the yes, but not between question and yes.
const memory = 3

// notReadBack names what was not read back before the yes; empty when all was.
func (j *judge) notReadBack(d deed, o shop.Order, about bool) string {
	if len(j.heard) == 0 {
		return "anything"
	}
	if last := j.heard[len(j.heard)-1]; !strings.ContainsAny(last, "？?吗") {
		return "a question mark"
	}
	read := strings.Join(j.heard[max(0, len(j.heard)-memory):], "\n")
	if about && d.Ticket == nil && !slices.ContainsFunc(o.Lines, func(l shop.Line) bool { return strings.Contains(read, plain(l.Name)) }) &&
		!strings.Contains(read, o.Tail()) {
		return "the order"
	}
	if d.Refund != nil && d.Refund.Amount > 0 && !strings.Contains(read, d.Refund.Amount.String()) {
		return "the amount " + d.Refund.Amount.String()
	}
	if d.Address != nil && !strings.Contains(read, plain(d.Address.Street)) {
		return "the address"
	}
	return ""
}

// money holds a refund against the limit of the policy and the sum paid.
func (j *judge) money(d deed, o shop.Order, broken func(Rule, string, ...any)) {
	c, _ := j.before.records["customer "+o.Customer].(shop.Customer)
	goodsStay := d.Refund.Kind == shop.RefundOnly || d.Refund.Kind.Abates()
	if limit := j.policy.RefundLimit(c); goodsStay && d.Refund.Amount > limit {
		broken(RuleLimit, "%s is above %s", d.Refund.Amount, limit)
	}
	sum, known := j.paid[o.ID]
	if !known {
		for _, x := range j.before.records {
			if r, ok := x.(shop.Refund); ok && r.Order == o.ID && (r.State == shop.RefundOpen || r.State == shop.RefundDone) {
				sum += r.Amount
			}
		}
	}
	j.paid[o.ID] = sum + d.Refund.Amount
	if j.paid[o.ID] > o.Total {
		broken(RuleLimit, "%s would go back of %s that was paid", j.paid[o.ID], o.Total)
	}
}
