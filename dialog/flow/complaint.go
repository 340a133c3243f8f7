package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// angryTurns is how many angry turns a robot should take before a person does.
const angryTurns = 2

// upset calls a person for those who are angry again, and for the complaints of
// VIPs where the shop wants that.
func upset(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	sc.State.Negative++
	switch {
	case sc.State.Negative >= angryTurns:
		return toHuman(sc, dialog.ReasonAngry)
	case sc.VIP(ctx):
		return toHuman(sc, dialog.ReasonVIP)
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
				return toHuman(sc, dialog.ReasonAngry)
			}
			sc.Say(itself("insult"), "让您不开心了，对不起，您把问题告诉我，我尽力帮您解决。")
			return dialog.Continue, nil
		},
	}}
}
