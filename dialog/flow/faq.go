package flow

import (
	"context"
	"regexp"
	"unicode/utf8"

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
	answer := func(least float64) dialog.Step { return answerFrom(base, least) }
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

// answerFrom says what the merchant's own words answer, if they cover so much of
// the question.
func answerFrom(base *knowledge.Library, least float64) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if least >= knowledge.CoverGuess && utf8.RuneCountInString(subject(sc.Clause.Text)) < leastSubject {
			return dialog.Unanswered, nil
		}
		a, ok := base.Answer(sc.Clause.Text, least)
		if !ok {
			return dialog.Unanswered, nil
		}
		sc.Say(fromKnowledge(a), "%s", text(a.Text))
		return dialog.Continue, nil
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
		if !ok || utf8.RuneCountInString(subject(sc.Clause.Text)) < leastSubject {
			return dialog.Continue, nil
		}
		sc.Say(fromKnowledge(a), "%s", text(a.Text))
		return dialog.Finish, nil
	}
}

// leastSubject is how many characters a question must have beside its function
// words for a guess of what it is about: 不要酸的 shares 不要 with a great many.
const leastSubject = 2

// subject is what remains of a text without its function words.
func subject(said string) string { return function.ReplaceAllString(said, "") }

var function = regexp.MustCompile(`不要|想要|我想|我要|想买|要买|我们|你们|您们|他们|自己|这个|那个|这款|那款|这|那|我|你|您|的|了|呢|吗|吧|啊|呀|哦|嘛|么|个|款|也|还|就|是|要|有没有|有|没有|没|不|别|给|都|怎么样|怎样|看看|一下|[，。！？、… ]`)
