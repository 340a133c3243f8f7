package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/vision"
)

// damaged looks at a photo of something broken. The machine may say yes within
// the limit, or ask for another photo; a no is for people to say.
func damaged() dialog.Flow {
	return dialog.Flow{
		Name:    "damaged",
		Photos:  true,
		Intents: []nlu.Intent{nlu.Damaged},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateSigned, shop.StateDelivering, shop.StateShipped)),
			check(canClaim),
			lookForDamage,
			ask("remedy", askRemedy, readRemedy),
			confirm(readDamage, func(sc *dialog.Scene) bool {
				r := readRemedy(sc)
				if r == "" || r == sc.Slot("remedy") || sc.Slot("verdict") != accepted {
					return false
				}
				sc.Set("remedy", r)
				return true
			}),
			act(doDamage),
		},
	}
}

// Verdicts on a damage.
const (
	accepted = "accepted" // seen, within the limit
	toPerson = "person"
)

// Remedies.
const (
	remedyRefund = "退款"
	remedyNew    = "换新"
	remedyPerson = "人工核实"
)

func canClaim(ctx context.Context, sc *dialog.Scene) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	switch o.State {
	case shop.StateRefunding, shop.StateRefunded:
		sc.Then("refund-progress")
		return false, nil
	case shop.StateToPay, shop.StatePaid, shop.StateCancelled:
		sayState(sc, o)
		return false, nil
	}
	return true, nil
}

// lookForDamage waits for a photo and settles the verdict.
func lookForDamage(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return dialog.Finish, err
	}
	s, note := look(sc, vision.KindDamage, damageLabels()...)
	note = strings.TrimRight(note, "。！ ")
	switch {
	case s == sightSeen && o.Total <= sc.Policy.RefundMax && withinQuality(sc, o):
		sc.Set("verdict", accepted)
		sc.Set("note", note)
		return dialog.Continue, nil
	case s == sightSeen:
		sc.Set("verdict", toPerson)
		return dialog.Continue, nil
	case s == sightNone && sc.Answering && noPhoto(sc):
		sc.Set("verdict", toPerson)
		return dialog.Continue, nil
	case s == sightNone && sc.Answering:
		return dialog.Unanswered, nil
	case s == sightNone:
		sorry(sc)
		wantPhoto(sc, "damaged", "坏的地方")
		return dialog.Wait, nil
	case len(photoIDs(sc)) >= retakes || sc.Tries() > 0:
		sc.Set("verdict", toPerson)
		return dialog.Continue, nil
	}
	sc.Missed()
	if note == "" {
		note = "这张看不太清坏在哪里"
	}
	sc.Say(dialog.Source{Kind: "photo", ID: "quality", Facts: []string{note}}, "照片收到了，%s。", text(note))
	wantPhoto(sc, "damaged", "坏的地方近一点、亮一点")
	return dialog.Wait, nil
}

// sorry comforts in a few words, once.
func sorry(sc *dialog.Scene) {
	if sc.Tries() == 0 {
		sc.Say(itself("damaged"), "真对不起，给您添麻烦了。")
	}
}

// damageLabels are what vision calls damage.
func damageLabels() []string {
	return []string{vision.LabelDamaged, "crack", "scratch", "stain", "hole", "tear", "dent", "wet", "crush"}
}

func askRemedy(sc *dialog.Scene) {
	src := dialog.Source{Kind: "photo", ID: sc.Slot("photos")}
	if note := sc.Slot("note"); note != "" && !sc.Answering {
		sc.Say(src, "%s，真对不起。", text(note))
	}
	sc.Ask(oneOf(remedyRefund, remedyNew), src, "可以退款，也可以换新，您要哪一种？")
}

// readRemedy takes the choice; a case for a person leaves no choice.
func readRemedy(sc *dialog.Scene) string {
	if sc.Slot("verdict") == toPerson {
		return remedyPerson
	}
	t := sc.Heard.Text
	switch {
	case !sc.Answering && !sc.Heard.Is(nlu.Refund, nlu.Exchange):
		return ""
	case sounds(t, []string{"换", "新的", "重发", "补发", "再发一个"}):
		return remedyNew
	case sounds(t, []string{"退", "钱"}):
		return remedyRefund
	}
	return ""
}

func readDamage(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	switch sc.Slot("remedy") {
	case remedyRefund:
		sc.Ask(yesNo(), fromOrder(o), "为您的%s退款%s，不用寄回，确认吗？", text(o.Name()), money(o.Total))
	case remedyNew:
		sc.Ask(yesNo(), fromOrder(o), "给您换一个新的%s，确认吗？", text(o.Name()))
	default:
		src := fromOrder(o)
		src.Facts = append(src.Facts, sc.Policy.TicketWithin)
		sc.Ask(yesNo(), src, "%s的情况我登记给同事核实，%s回复您，可以吗？", text(o.Name()), text(sc.Policy.TicketWithin))
	}
	return nil
}

func doDamage(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	if sc.Slot("remedy") == remedyPerson {
		return ticket(ctx, sc, "damaged", "破损："+sc.Summary())
	}
	q := shop.RefundRequest{Order: o.ID, Kind: shop.RefundOnly, Amount: o.Total, Reason: reasonQuality, Photos: photoIDs(sc)}
	if sc.Slot("remedy") == remedyNew {
		q.Kind, q.Amount = shop.RefundExchange, 0
	}
	r, err := sc.Shop.OpenRefund(ctx, sc.Key("damaged"), q)
	if err != nil {
		return err
	}
	src := dialog.Source{Kind: "refund", ID: r.ID, Facts: []string{string(r.State), sc.Policy.RefundArrives}}
	if q.Kind == shop.RefundExchange {
		sc.Say(src, "换新申请好了，新的%s会尽快寄出。", text(o.Name()))
		return nil
	}
	sc.Say(src, "退款申请好了，%s%s原路退回。", money(r.Amount), text(sc.Policy.RefundArrives))
	return nil
}

// ticket hands the case to a person and says when to expect an answer.
func ticket(ctx context.Context, sc *dialog.Scene, kind, story string) error {
	t, err := sc.Shop.OpenTicket(ctx, sc.Key("ticket"), shop.TicketRequest{
		Kind: kind, Customer: sc.State.Caller.Customer, Order: sc.State.Order, Text: story, Photos: photoIDs(sc),
	})
	if err != nil {
		return err
	}
	src := dialog.Source{Kind: "ticket", ID: t.ID, Facts: []string{sc.Policy.TicketWithin}}
	sc.Say(src, "已经登记好了，同事会在%s联系您。", text(sc.Policy.TicketWithin))
	return nil
}
