package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/vision"
)

// caseFor makes a flow that registers a case for a person: it asks what is
// the matter, reads it back and opens a ticket.
func caseFor(name, kind string, intent nlu.Intent, question string, long int) dialog.Flow {
	return dialog.Flow{
		Name:    name,
		Intents: []nlu.Intent{intent},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateSigned, shop.StateDelivering)),
			check(canClaim),
			ask("story", func(sc *dialog.Scene) { sc.Ask(dialog.Expect{}, itself(name), "%s", text(question)) },
				func(sc *dialog.Scene) string { return story(sc, long) }),
			confirm(readCase(name), nil),
			act(func(ctx context.Context, sc *dialog.Scene) error { return ticket(ctx, sc, kind, sc.Slot("story")) }),
		},
	}
}

// story is what the shopper tells: an answer, or an opening that says enough.
func story(sc *dialog.Scene, long int) string {
	if t := sc.Heard.Text; sc.Answering && t != "" || len([]rune(t)) >= long {
		return t
	}
	return ""
}

func readCase(name string) readBack {
	return func(ctx context.Context, sc *dialog.Scene) error {
		o, err := focus(ctx, sc)
		if err != nil {
			return err
		}
		src := fromOrder(o)
		src.Facts = append(src.Facts, sc.Policy.TicketWithin)
		what := map[string]string{"missing": "少件", "wrong-item": "发错货", "colour": "颜色不符"}[name]
		sc.Ask(yesNo(), src, "%s%s的情况，我登记给同事处理，%s回复您，可以吗？", text(o.Name()), text(what), text(sc.Policy.TicketWithin))
		return nil
	}
}

// tellsEnough is the length of a sentence that needs no further question.
const tellsEnough = 10

func missing() dialog.Flow {
	return caseFor("missing", "missing", nlu.Missing, "真对不起，请问少了哪一件？", tellsEnough)
}

func wrongItem() dialog.Flow {
	return caseFor("wrong-item", "wrong-item", nlu.WrongItem, "真对不起，请问您收到的是什么？", tellsEnough)
}

// colour compares the colour on a photo. What is seen as different may go
// back at the shop's cost; what cannot be told is for a person.
func colour() dialog.Flow {
	return dialog.Flow{
		Name:    "colour",
		Photos:  true,
		Intents: []nlu.Intent{nlu.ColourDiffers},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateSigned, shop.StateDelivering)),
			check(canClaim),
			lookForColour,
			confirm(readColour, nil),
			act(doColour),
		},
	}
}

func lookForColour(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return dialog.Finish, err
	}
	s, note := look(sc, vision.KindColour, vision.LabelDifferent)
	note = strings.TrimRight(note, "。！ ")
	switch {
	case s == sightSeen && withinQuality(sc, o):
		sc.Set("verdict", accepted)
		return dialog.Continue, nil
	case s == sightNone && !sc.Answering:
		wantPhoto(sc, "colour", "商品和一张白纸放在一起")
		return dialog.Wait, nil
	case s == sightNone && !noPhoto(sc):
		return dialog.Unanswered, nil
	case s == sightRetake && sc.Tries() == 0:
		sc.Missed()
		sc.Say(dialog.Source{Kind: "photo", ID: "quality", Facts: []string{note}}, "照片收到了，%s。", text(note))
		wantPhoto(sc, "colour", "自然光下、旁边放一张白纸")
		return dialog.Wait, nil
	}
	sc.Set("verdict", toPerson)
	return dialog.Continue, nil
}

func readColour(ctx context.Context, sc *dialog.Scene) error {
	if sc.Slot("verdict") != accepted {
		return readCase("colour")(ctx, sc)
	}
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	sc.Ask(yesNo(), fromOrder(o), "颜色确实有差别，为您的%s办理退货退款，金额%s，确认吗？", text(o.Name()), money(o.Total))
	return nil
}

func doColour(ctx context.Context, sc *dialog.Scene) error {
	if sc.Slot("verdict") != accepted {
		return ticket(ctx, sc, "colour", "颜色不符："+sc.Summary())
	}
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	r, err := sc.Shop.OpenRefund(ctx, sc.Key("colour"), shop.RefundRequest{
		Order: o.ID, Kind: shop.RefundReturn, Amount: o.Total, Reason: "颜色不符", Photos: photoIDs(sc),
	})
	if err != nil {
		return err
	}
	src := dialog.Source{Kind: "refund", ID: r.ID, Facts: []string{string(r.State), sc.Policy.RefundArrives}}
	sc.Say(src, "退货申请好了，运费我们承担，寄回签收后%s退款%s。", text(sc.Policy.RefundArrives), money(r.Amount))
	return nil
}
