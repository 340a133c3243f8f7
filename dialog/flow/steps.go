package flow

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// check is a step that may end the flow with a word to the caller; it returns
// false after it has said why.
func check(allowed func(ctx context.Context, sc *dialog.Scene) (bool, error)) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		ok, err := allowed(ctx, sc)
		if err != nil || !ok {
			return dialog.Finish, err
		}
		return dialog.Continue, nil
	}
}

// ask fills a slot. read takes the value out of a turn, the one that started
// the flow too; question asks for it.
func ask(slot string, question func(*dialog.Scene), read func(*dialog.Scene) string) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Slot(slot) != "" {
			return dialog.Continue, nil
		}
		if v := read(sc); v != "" {
			sc.Set(slot, v)
			return dialog.Continue, nil
		}
		if sc.Answering {
			return dialog.Unanswered, nil
		}
		question(sc)
		return dialog.Wait, nil
	}
}

// readBack says what is about to be done, as one question.
type readBack func(ctx context.Context, sc *dialog.Scene) error

// amend takes a correction out of an answer; it tells whether there was one.
type amend func(sc *dialog.Scene) bool

// confirm reads back what is about to be done and waits for an explicit yes.
// A yes to a question that the caller did not hear to its end does not count:
// it is read again. A correction is taken and read back again.
func confirm(read readBack, change amend) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Answering {
			switch {
			case change != nil && change(sc):
			case sc.Heard.Is(nlu.Yes) && !sc.Heard.Is(nlu.No) && sc.State.HeardSentence(sc.Question()):
				return dialog.Continue, nil
			case sc.Heard.Is(nlu.Yes):
			case sc.Heard.Is(nlu.No, nlu.Never):
				sc.Say(itself(sc.Flow()), "好的，那就不办理了。")
				return dialog.Finish, nil
			default:
				return dialog.Unanswered, nil
			}
		}
		return dialog.Wait, read(ctx, sc)
	}
}

// act is a step that does something and says what has been done.
func act(do func(ctx context.Context, sc *dialog.Scene) error) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		return dialog.Continue, do(ctx, sc)
	}
}
