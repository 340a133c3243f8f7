package agent

import (
	"context"
	"errors"
	"fmt"

	"waggle/dialog"
	"waggle/dialog/guard"
)

// errEnough stops a stream whose first sentences are all that will be said.
var errEnough = errors.New("agent: enough was said")

// turn is one turn of the model: its chat so far and what proves its words.
type turn struct {
	agent    *Agent
	sc       *dialog.Scene
	messages []Message
	evidence []dialog.Source
	said     int
	// money is set when a sentence about money had no evidence.
	money bool
	asked map[string]bool // calls made, to notice a loop
}

// speak answers by the model, as a fallback or in place of a flow that has no
// answer. Unanswered leaves the turn to the offline core.
func (a *Agent) speak(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	inPlace := !sc.Answering
	v, err := a.answer(ctx, sc)
	if v == dialog.Unanswered && err == nil && inPlace {
		sc.Say(dialog.FromFlow(dialog.ModelFlow), "这个我还不清楚，需要的话我帮您转人工客服问问。")
		return dialog.Finish, nil
	}
	return v, err
}

func (a *Agent) answer(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	words := sc.Turn.Text
	if pattern := guard.Injection(words); pattern != "" {
		a.Log.Warn("words that try to give orders are not shown to the model", "call", sc.State.Conversation, "pattern", pattern)
		return dialog.Unanswered, nil
	}
	if words == "" || !a.affordable(sc) {
		return dialog.Unanswered, nil
	}
	ctx, cancel := context.WithTimeout(ctx, a.Limits.Timeout)
	defer cancel()
	t := &turn{agent: a, sc: sc, asked: make(map[string]bool)}
	t.open(words)
	verdict, err := t.run(ctx)
	if err != nil {
		a.Log.Warn("the model was of no use", "call", sc.State.Conversation, "err", err)
	}
	switch {
	case verdict != dialog.Unanswered:
		return verdict, nil
	case t.said > 0:
		return dialog.Finish, nil
	}
	return t.instead(), nil
}

// run alternates completions and tool calls.
func (t *turn) run(ctx context.Context) (dialog.Verdict, error) {
	for range t.agent.Limits.Steps {
		if !t.agent.affordable(t.sc) {
			return dialog.Unanswered, nil
		}
		answer, err := t.complete(ctx)
		if err != nil || len(answer.Calls) == 0 {
			return dialog.Unanswered, err
		}
		call := answer.Calls[0] // one at a time, whatever the model wishes
		t.messages = append(t.messages, Message{Role: Assistant, Call: &call})
		verdict, result, err := t.use(ctx, call)
		if err != nil || verdict != dialog.Unanswered {
			return verdict, err
		}
		t.messages = append(t.messages, Message{Role: ToolRole, CallID: call.ID, Content: result})
	}
	return dialog.Unanswered, fmt.Errorf("%w: no answer after %d steps", ErrModel, t.agent.Limits.Steps)
}

// complete asks the model once, and speaks what it says sentence by sentence.
func (t *turn) complete(ctx context.Context) (Answer, error) {
	var cut cutter
	r := Request{Messages: t.messages, Functions: t.agent.functions(), MaxTokens: t.agent.Limits.AnswerTokens}
	answer, err := t.agent.breaker.Execute(func() (Answer, error) {
		return t.agent.Model.Complete(ctx, r, func(text string) error {
			for _, s := range cut.add(text) {
				if err := t.say(s); err != nil {
					return err
				}
			}
			return nil
		})
	})
	t.agent.spend(t.sc, max(answer.Tokens, 1))
	if errors.Is(err, errEnough) {
		return Answer{}, nil
	}
	if err != nil {
		return Answer{}, err
	}
	if rest := cut.rest(); rest != "" && errors.Is(t.say(rest), errEnough) {
		return Answer{}, nil
	}
	return answer, nil
}

// Most that the model may say in one turn.
const (
	mostSpoken  = 2   // sentences for the ear
	mostWritten = 4   // for the eye
	longest     = 120 // characters of a sentence
)

// say speaks a sentence of the model if it is proven, and drops it if not.
func (t *turn) say(sentence string) error {
	most := mostWritten
	if t.sc.Manner.Voice {
		most = mostSpoken
	}
	if t.said >= most {
		return errEnough
	}
	why := t.unproven(sentence)
	if len(why) > 0 {
		t.agent.Log.Warn("a sentence of the model was dropped", "call", t.sc.State.Conversation, "kinds", why)
		return nil
	}
	t.said++
	t.sc.Speak(dialog.Sentence{Text: sentence, Sources: append([]dialog.Source{{Kind: "model", ID: t.agent.Name}}, t.evidence...)})
	return nil
}

// leastKnown is how well an entry must cover the question to be said in the
// model's place.
const leastKnown = 0.25

// instead answers when the model has said nothing that may be said: by the
// question base, else by a person if it was about money, else by the core.
func (t *turn) instead() dialog.Verdict {
	if k := t.agent.Knowledge; k != nil {
		if a, ok := k.Answer(t.sc.Turn.Text, leastKnown); ok {
			t.sc.Say(dialog.Source{Kind: string(a.Kind), ID: a.ID, Facts: []string{a.Text}}, "%s", dialog.Text(a.Text))
			return dialog.Finish
		}
	}
	if t.money {
		t.sc.Say(dialog.FromFlow(dialog.ModelFlow), "涉及金额的问题要请同事确认，给您转人工客服。")
		t.sc.HandOff(dialog.HandOff{Reason: "no evidence for what the model said about money", Summary: t.sc.Summary()})
		return dialog.Finish
	}
	return dialog.Unanswered
}
