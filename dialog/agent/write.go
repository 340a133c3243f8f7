package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
)

// Slots of a write that waits for the customer's yes.
const (
	slotTool   = "tool"
	slotArgs   = "args"
	slotDigest = "digest"
)

// wish has policy judge a write that the model wants. If it is allowed, the
// next step reads it back; the model has no further part in it.
func (t *turn) wish(ctx context.Context, name string, args tool.Args) (dialog.Verdict, string, error) {
	if _, err := t.agent.Tools.Plan(ctx, t.call(name, args)); err != nil {
		t.agent.Log.Info("a write of the model was refused", "call", t.sc.State.Conversation, "tool", name, "err", err)
		return dialog.Unanswered, failed(err), nil
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return dialog.Unanswered, "", fmt.Errorf("agent: arguments of %s: %w", name, err)
	}
	t.sc.Set(slotTool, name)
	t.sc.Set(slotArgs, string(raw))
	return dialog.Continue, "", nil
}

// readBack asks for an explicit yes to a plan.
func readBack(sc *dialog.Scene, name string, p tool.Plan) {
	sc.Set(slotDigest, p.Digest)
	src := dialog.Source{Kind: "tool", ID: name, Facts: append(p.Facts.Facts(), p.Says)}
	sc.Ask(dialog.Expect{Kind: dialog.ExpectYesNo}, src, "%s，确认吗？", dialog.Text(p.Says))
}

// confirm waits for the answer to a read-back. There is none when the model
// only talked.
func (a *Agent) confirm(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	name := sc.Slot(slotTool)
	switch {
	case name == "":
		return dialog.Finish, nil
	case !sc.Answering, sc.Heard.Is(nlu.Yes) && !sc.State.HeardSentence(sc.Question()):
		return a.again(ctx, sc, name)
	case sc.Heard.Is(nlu.No, nlu.Never), a.Tools.Words().Declines(sc.Heard.Text):
		sc.Say(dialog.FromFlow(dialog.ModelFlow), "好的，那就不办理了。")
		return dialog.Finish, nil
	}
	t, err := a.Tools.Tool(name)
	if err != nil {
		return dialog.Finish, fmt.Errorf("agent: %w", err)
	}
	if !t.Agreed(a.Tools.Words(), sc.Heard, sc.Question()) {
		return dialog.Unanswered, nil
	}
	return a.act(ctx, sc, name)
}

// again judges the write anew and reads it back.
func (a *Agent) again(ctx context.Context, sc *dialog.Scene, name string) (dialog.Verdict, error) {
	p, err := a.Tools.Plan(ctx, call(sc, name, arguments(sc)))
	if err != nil {
		return a.refused(sc, name, err)
	}
	readBack(sc, name, p)
	return dialog.Wait, nil
}

// act carries out what was agreed to.
func (a *Agent) act(ctx context.Context, sc *dialog.Scene, name string) (dialog.Verdict, error) {
	c := call(sc, name, arguments(sc))
	c.Key = sc.Key(name)
	c.Consent = tool.Consent{Digest: sc.Slot(slotDigest), Heard: true, Yes: true}
	r, err := a.Tools.Run(ctx, c)
	if errors.Is(err, tool.ErrConsent) { // it would come to something else now
		return a.again(ctx, sc, name)
	}
	if err != nil {
		return a.refused(sc, name, err)
	}
	sc.Say(dialog.Source{Kind: r.Kind, ID: r.ID, Facts: r.Strings()}, "好的，办好了。")
	return dialog.Finish, nil
}

// refused hands a write that policy refuses at the last moment to a person; a
// fault of the shop is the engine's.
func (a *Agent) refused(sc *dialog.Scene, name string, err error) (dialog.Verdict, error) {
	if !errors.Is(err, tool.ErrRefused) {
		return dialog.Finish, fmt.Errorf("agent: %s: %w", name, err)
	}
	a.Log.Info("a write of the model was refused", "call", sc.State.Conversation, "tool", name, "err", err)
	sc.Say(dialog.FromFlow(dialog.ModelFlow), "这个我现在办不了，给您转人工客服。")
	sc.HandOff(dialog.HandOff{Reason: "policy refused " + name, Summary: sc.Summary()})
	return dialog.Finish, nil
}

// arguments are those that the model gave, kept with the frame.
func arguments(sc *dialog.Scene) tool.Args {
	args := tool.Args{}
	_ = json.Unmarshal([]byte(sc.Slot(slotArgs)), &args) // wish wrote them; policy checks them anyway
	return args
}
