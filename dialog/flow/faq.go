package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
)

// Least coverage of a question by an entry: lower when the classifier already
// says that it is a question for the question base.
const (
	coverAsked = 0.25
	coverGuess = 0.5
)

// faq answers from the merchant's own words.
func faq(base *knowledge.Base) []dialog.Flow {
	answer := func(least float64) dialog.Step {
		return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			if sc.Clause.Text == "" {
				return dialog.Unanswered, nil
			}
			hits := base.Retrieve(sc.Clause.Text, 1)
			if len(hits) == 0 || hits[0].Cover < least {
				return dialog.Unanswered, nil
			}
			a := hits[0].Article
			sc.Say(dialog.Source{Kind: "faq", ID: a.ID, Facts: []string{a.Answer}}, "%s", text(a.Answer))
			return dialog.Continue, nil
		}
	}
	unknown := func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(itself("faq"), "这个我还不清楚，需要的话我帮您转人工客服问问。")
		return dialog.Continue, nil
	}
	return []dialog.Flow{
		{Name: "faq", Intents: []nlu.Intent{nlu.Policy, nlu.Promotion}, Quick: true, Steps: []dialog.Step{either(answer(coverAsked), unknown)}},
		{Name: "faq-guess", Quick: true, Fallback: true, Steps: []dialog.Step{answer(coverGuess)}},
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
