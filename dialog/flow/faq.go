package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
)

// fromKnowledge is what the merchant has written: its figures may be spoken.
func fromKnowledge(a knowledge.Answer) dialog.Source {
	return dialog.Source{Kind: string(a.Kind), ID: a.ID, Facts: []string{a.Text}}
}

// faq answers from the merchant's own words.
func faq(base *knowledge.Library) []dialog.Flow {
	answer := func(least float64) dialog.Step {
		return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			a, ok := base.Answer(sc.Clause.Text, least)
			if !ok {
				return dialog.Unanswered, nil
			}
			sc.Say(fromKnowledge(a), "%s", text(a.Text))
			return dialog.Continue, nil
		}
	}
	unknown := func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		base.Missed(ctx, sc.Clause.Text)
		if sc.AskModel() {
			return dialog.Continue, nil
		}
		sc.Say(itself("faq"), "这个我还不清楚，需要的话我帮您转人工客服问问。")
		return dialog.Continue, nil
	}
	missed := func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		base.Missed(ctx, sc.Clause.Text)
		return dialog.Unanswered, nil
	}
	return []dialog.Flow{
		{Name: "pinned", Wants: base.Pinned, Quick: true, Steps: []dialog.Step{answer(knowledge.CoverAsked)}},
		{Name: "faq", Intents: answered(), Quick: true, Steps: []dialog.Step{either(answer(knowledge.CoverAsked), unknown)}},
		{Name: "faq-guess", Quick: true, Fallback: true, Steps: []dialog.Step{either(answer(knowledge.CoverGuess), missed)}},
	}
}

// either tries the second step when the first has no answer.
func either(one, other dialog.Step) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		v, err := one(ctx, sc)
		if err == nil && v == dialog.Unanswered {
			return other(ctx, sc)
		}
		return v, err
	}
}

// answered are the intents that the merchant's own words answer, where no
// procedure claims them.
func answered() []nlu.Intent {
	return []nlu.Intent{
		nlu.Policy, nlu.Promotion, nlu.Coupon, nlu.MakeupItems, nlu.Subsidy, nlu.PriceProtection, nlu.Membership, nlu.Bulk,
		nlu.ShippingFee, nlu.CourierChoice, nlu.ReturnShipping, nlu.DeliveryTime, nlu.RejectParcel, nlu.ModifyOrder,
		nlu.Warranty, nlu.Authentic, nlu.Matching, nlu.Gift, nlu.Recommend, nlu.Compare, nlu.FindByPhoto, nlu.Privacy,
	}
}

// fromBase answers from the merchant's own words when they fit, and ends the
// flow with that.
func fromBase(base *knowledge.Library) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		a, ok := base.Answer(sc.Clause.Text, knowledge.CoverAsked)
		if !ok {
			return dialog.Continue, nil
		}
		sc.Say(fromKnowledge(a), "%s", text(a.Text))
		return dialog.Finish, nil
	}
}
