package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// complaint listens, apologises, and brings the case before a person.
func complaint() dialog.Flow {
	return dialog.Flow{
		Name:    "complaint",
		Intents: []nlu.Intent{nlu.Complaint},
		Steps: []dialog.Step{
			upset,
			ask("story", func(sc *dialog.Scene) {
				sc.Ask(dialog.Expect{}, itself("complaint"), "真对不起让您不满意，请告诉我是什么问题？")
			}, func(sc *dialog.Scene) string { return story(sc, longComplaint) }),
			confirm(func(_ context.Context, sc *dialog.Scene) error {
				src := fromPolicy("ticket", sc.Policy.TicketWithin)
				sc.Ask(yesNo(), src, "真对不起，我把您的投诉登记给主管，%s回复您，可以吗？", text(sc.Policy.TicketWithin))
				return nil
			}, nil),
			act(func(ctx context.Context, sc *dialog.Scene) error {
				return ticket(ctx, sc, "complaint", sc.Slot("story"))
			}),
		},
	}
}

// longComplaint is the length of a complaint that says what it is about.
const longComplaint = 14

// angryTurns is how many angry turns a robot should take before a person does.
const angryTurns = 2

// upset calls a person for law, and for those who are angry again.
func upset(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	sc.State.Negative++
	legal := false
	for _, w := range []string{"12315", "工商", "消协", "消费者协会", "法院", "律师", "起诉", "报警", "市监", "市场监管"} {
		legal = legal || strings.Contains(sc.Heard.Text, w)
	}
	switch {
	case legal:
		return toHuman(sc, "legal words")
	case sc.State.Negative >= angryTurns:
		return toHuman(sc, "angry again")
	}
	return dialog.Continue, nil
}

// toHuman hands an unhappy caller to a person.
func toHuman(sc *dialog.Scene, reason string) (dialog.Verdict, error) {
	sc.Say(itself("complaint"), "真对不起，马上为您转人工客服处理，请稍等。")
	sc.HandOff(dialog.HandOff{Reason: reason, Summary: sc.Summary(), NextStep: "call back or take over, apologise, solve"})
	return dialog.Finish, nil
}

// insult stays polite once, then lets a person take over.
func insult() dialog.Flow {
	return dialog.Flow{Name: "insult", Intents: []nlu.Intent{nlu.Insult}, Quick: true, Steps: []dialog.Step{
		func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			sc.State.Negative++
			if sc.State.Negative >= angryTurns {
				return toHuman(sc, "angry again")
			}
			sc.Say(itself("insult"), "让您不开心了，对不起，您把问题告诉我，我尽力帮您解决。")
			return dialog.Continue, nil
		},
	}}
}
