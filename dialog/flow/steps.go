package flow

import (
	"context"

	"waggle/dialog"
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

// act is a step that does something and says what has been done.
func act(do func(ctx context.Context, sc *dialog.Scene) error) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		return dialog.Continue, do(ctx, sc)
	}
}
