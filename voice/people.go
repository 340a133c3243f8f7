package voice

import (
	"context"

	"waggle/dialog"
)

// A caller who waits for a person hears now and then that the line is alive;
// an operator who types is read out by the voice. Otherwise the robot is silent
// until the conversation is given back.

// holdText is what a caller hears who waits for a person.
const holdText = "正在为您转接人工客服，请不要挂机。"

// mostHolds is how often it is said: who has waited so long knows.
const mostHolds = 10

// operated deals with what an operator did in the conversation.
func (t *turns) operated(ctx context.Context, o dialog.OperatorAct) error {
	switch o.Act {
	case dialog.ActTake: // two never speak at once: the robot stops where it is
		if o.By == deskOperator {
			return nil
		}
		t.recall()
		t.pushed = nil
		if err := t.interrupt(ctx); err != nil {
			return err
		}
		t.release()
	case dialog.ActSay:
		t.pushed = append(t.pushed, said(o.Text, "operator", o.By))
		return t.idle(ctx)
	case dialog.ActGiveBack:
		t.recall()
	}
	return nil
}

// recall drops the way to the desk: an operator does what it was for.
func (t *turns) recall() {
	t.desk.wanted = nil
	if t.desk.under() {
		t.transfer.cancel()
	}
}

// hold tells a caller who waits that the line is alive.
func (t *turns) hold(ctx context.Context) error {
	if t.speech != nil || t.listening {
		t.await()
		return nil
	}
	text := holdText
	if t.desk.under() {
		text = connectTexts[t.held%len(connectTexts)]
	}
	t.held++
	return t.answer(ctx, said(text, "flow", "hold"), stopwatch{})
}

func said(text, kind, id string) dialog.Reply {
	return dialog.Reply{Sentences: []dialog.Sentence{{Text: text, Sources: []dialog.Source{{Kind: kind, ID: id}}}}}
}

// await sets the clock for who has the floor now.
func (t *turns) await() {
	switch {
	case !t.watch.withHuman:
		t.noInput.Reset(t.limits.NoInput)
	case t.watch.taken || t.desk.answers || t.held >= mostHolds:
		t.noInput.Stop()
	case t.desk.under():
		t.noInput.Reset(connectTime)
	default:
		t.noInput.Reset(t.limits.Hold)
	}
}
