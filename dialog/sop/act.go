package sop

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
	"waggle/shop"
)

// call makes the call of a tool step.
func (c *compiler) call(e *env, s *Step) tool.Call {
	st := e.sc.State
	args := make(tool.Args, len(s.Tool.Args))
	for name, t := range s.Tool.Args {
		if v := t.plain(e); v != "" {
			args[name] = v
		}
	}
	return tool.Call{
		Tool: s.Tool.Name, Args: args, Now: e.sc.Now(), RefundMax: c.flow.RefundMax, Key: e.sc.Key(s.ID),
		Caller:   tool.Caller{Customer: st.Caller.Customer, Known: st.Caller.Known},
		Evidence: tool.Evidence{Accepted: e.sc.Slot("verdict") == Accepted, Photos: strings.Fields(e.sc.Slot("photos"))},
	}
}

// use runs a tool. A write runs only with the yes to its own plan; when the
// plan has changed since, it is read back again.
func (c *compiler) use(s *Step) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		e := c.env(ctx, sc)
		call := c.call(e, s)
		if e.err != nil {
			return dialog.Finish, e.err
		}
		if digest := sc.Slot(agreed); digest != "" {
			call.Args = c.recall(sc, s)
			call.Consent = tool.Consent{Digest: digest, Heard: true, Yes: true}
		}
		r, err := c.kit.Tools.Run(ctx, call)
		if errors.Is(err, tool.ErrConsent) {
			return c.again(sc, s)
		}
		if err != nil {
			return c.failed(sc, s, err)
		}
		sc.Set(agreed, "")
		if s.Tool.As != "" {
			e.keep(s.Tool.As, r)
		}
		return dialog.Continue, nil
	}
}

// recall brings back the arguments as they were when the plan was read back:
// what was agreed to is what is done.
func (c *compiler) recall(sc *dialog.Scene, s *Step) tool.Args {
	args := make(tool.Args, len(s.Tool.Args))
	for name := range s.Tool.Args {
		if v := sc.Slot(argument + name); v != "" {
			args[name] = v
		}
	}
	return args
}

// again goes back to the confirm of a write.
func (c *compiler) again(sc *dialog.Scene, s *Step) (dialog.Verdict, error) {
	for _, x := range c.flow.Steps {
		if x.Confirm != nil && x.Confirm.Does == s.ID {
			sc.Set(agreed, "")
			return c.jump(sc, x.ID), nil
		}
	}
	return dialog.Finish, tool.ErrConsent
}

// failed finds the step for a failure; a shop that does not answer is for the
// engine to tell.
func (c *compiler) failed(sc *dialog.Scene, s *Step, err error) (dialog.Verdict, error) {
	if errors.Is(err, shop.ErrUnavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return dialog.Finish, err
	}
	code := "else"
	var refusal *tool.Refusal
	if errors.As(err, &refusal) {
		code = string(refusal.Code)
	}
	if sc.Log != nil {
		sc.Log.Info("a tool was refused", "call", sc.State.Conversation, "flow", c.flow.ID, "tool", s.Tool.Name, "code", code, "why", err)
	}
	for _, k := range []string{code, "else"} {
		if to := s.Tool.OnFail[k]; to != "" {
			return c.jump(sc, to), nil
		}
	}
	return c.jump(sc, c.flow.OnFail), nil
}

// confirm plans the write, reads it back, and waits for an explicit yes to the
// question as it was heard. A correction is planned and read back anew.
func (c *compiler) confirm(s *Step) dialog.Step {
	at, _ := c.flow.step(s.Confirm.Does)
	does := &c.flow.Steps[at]
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		e := c.env(ctx, sc)
		if at, ok := c.unfilled(sc, does); ok {
			return c.jump(sc, at), nil
		}
		if sc.Answering {
			switch v := c.reply(e, s, does); v {
			case replyYes:
				sc.Set(agreed, sc.Slot(proposed))
				return dialog.Continue, nil
			case replyNo:
				if s.Confirm.No != "" {
					return c.jump(sc, s.Confirm.No), nil
				}
				sc.Say(dialog.FromFlow(c.flow.ID), "好的，那就不办理了。")
				return dialog.Finish, nil
			case replyAmended:
				if s.Confirm.Amended != "" {
					return c.jump(sc, s.Confirm.Amended), nil
				}
			case replyRepeat:
				if sc.State.HeardQuestion(sc.Slot(question)) && c.refused(sc, s, does) { // a yes with a but
					return c.jump(sc, s.Confirm.No), nil
				}
			case replyNone:
				return dialog.Unanswered, nil
			}
		} else if c.refused(sc, s, does) {
			return c.jump(sc, s.Confirm.No), nil
		}
		return c.readBack(e, s, does)
	}
}

func (c *compiler) readBack(e *env, s, does *Step) (dialog.Verdict, error) {
	sc := e.sc
	call := c.call(e, does)
	if e.err != nil {
		return dialog.Finish, e.err
	}
	plan, err := c.kit.Tools.Plan(e.ctx, call)
	if err != nil {
		return c.failed(sc, does, err)
	}
	e.records["plan"] = plan.Facts
	src, values := e.source(s.Confirm.Text)
	if e.err != nil {
		return dialog.Finish, e.err
	}
	e.lead(s, does)
	sc.Set(agreed, "")
	sc.Set(proposed, plan.Digest)
	for name := range does.Tool.Args {
		sc.Set(argument+name, call.Args[name])
	}
	sc.Set(question, sc.Ask(dialog.Expect{Kind: dialog.ExpectYesNo}, src, s.Confirm.Text.format, values...))
	return dialog.Wait, nil
}

// reply is what an answer to a read-back comes to.
type reply int

const (
	replyNone    reply = iota // none: something else was said
	replyYes                  // yes, to what was heard
	replyNo                   // no
	replyAmended              // something was corrected
	replyRepeat               // the question was not heard to its end
)

func (c *compiler) reply(e *env, s, does *Step) reply {
	sc := e.sc
	t, _ := standard(does.Tool.Name)
	if t.Agreed(c.kit.Tools.Words(), sc.Heard, sc.Slot(question)) { // holds nothing that was not read back: 行的 is no 新的
		if sc.State.HeardQuestion(sc.Slot(question)) {
			return replyYes
		}
		return replyRepeat
	}
	amended := false
	for _, name := range s.Confirm.Amend {
		slot, _ := c.flow.slot(name)
		old := sc.Slot(name)
		if v := c.said(e, slot, old); v != "" {
			if v, _ = slot.value(v); v != "" && v != old {
				sc.Set(name, v)
				amended = true
			}
		}
	}
	switch {
	case amended:
		return replyAmended
	case c.turnsDown(sc, t):
		sc.Decline()
		return replyNo
	case sc.Heard.Is(nlu.Yes):
		return replyRepeat
	}
	return replyNone
}

// turnsDown tells that a read-back is turned down, also behind a word of yes:
// 好，不退了.
func (c *compiler) turnsDown(sc *dialog.Scene, does tool.Tool) bool {
	if _, denied := does.Denied(sc.Heard.Text); denied {
		return true
	}
	return sc.Heard.Is(nlu.No, nlu.Never) || declines.MatchString(sc.Heard.Text) || c.kit.Tools.Words().Declines(sc.Heard.Text)
}

// declines begins an answer that turns the read-back down.
var declines = regexp.MustCompile(`^(?:那就|那|呃|哎呀|哎|嗯|唉|还是|哦|，|。)*(?:算了|不用了|不要了|不用|不换了|不退了|不改了|不取消|不办了|不领了|不投诉|不开了|先不|不了|不催了|没事了|先别|别改|别取消|别退)`)
