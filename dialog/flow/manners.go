package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// once makes a step of something that is said at once.
func once(do func(sc *dialog.Scene)) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		do(sc)
		return dialog.Continue, nil
	}
}

// quick makes a flow of one sentence.
func quick(name string, interrupts bool, do func(sc *dialog.Scene), intents ...nlu.Intent) dialog.Flow {
	return dialog.Flow{Name: name, Intents: intents, Quick: true, Interrupts: interrupts, Steps: []dialog.Step{once(do)}}
}

func human() dialog.Flow {
	return quick("human", true, func(sc *dialog.Scene) {
		sc.Say(itself("human"), "好的，马上为您转人工客服，请稍等。")
		sc.HandOff(dialog.HandOff{Reason: "asked for", Summary: sc.Summary()})
	}, nlu.Human)
}

func goodbye() dialog.Flow {
	return quick("goodbye", true, func(sc *dialog.Scene) {
		sc.Say(itself("goodbye"), "好的，感谢您的来电，祝您生活愉快，再见。")
		sc.End(dialog.OutcomeNone)
	}, nlu.Goodbye)
}

func hello() dialog.Flow {
	return quick("hello", false, func(sc *dialog.Scene) {
		sc.Say(itself("hello"), "您好，我在的。")
		sc.Ask(dialog.Expect{}, itself("hello"), "请问有什么可以帮您？")
	}, nlu.Greeting)
}

func thanks() dialog.Flow {
	return quick("thanks", false, func(sc *dialog.Scene) {
		sc.Say(itself("thanks"), "不客气，还有问题随时找我。")
	}, nlu.Thanks)
}
