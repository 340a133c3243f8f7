package dialog

import (
	"context"

	"waggle/dialog/nlu"
)

// announce is the one sentence with which a person hears, before the caller is
// put through, who is coming and what for. It only tells what the shop's records
// and the flows say; what cannot be looked up is left out, for the caller waits.
func (e *Engine) announce(ctx context.Context, sc *Scene) string {
	st := sc.State
	text := "来电" + e.addressed(ctx, st)
	if wish, ok := e.wish(st); ok {
		text += "，想" + wish
	}
	if st.Order == "" || !st.Caller.Known || st.Unreachable > 0 {
		return text + "。"
	}
	if o, err := e.shop.Order(ctx, st.Order); err == nil && o.Customer == st.Caller.Customer {
		text += "，订单是" + o.Name()
	}
	return text + "。"
}

// addressed is how the person may address the caller.
func (e *Engine) addressed(ctx context.Context, st *State) string {
	const stranger = "一位顾客"
	if st.Caller.Customer == "" || st.Unreachable > 0 {
		return stranger
	}
	c, err := e.shop.Customer(ctx, st.Caller.Customer)
	if name := []rune(c.Name); err == nil && len(name) > 0 {
		if c.Title == "" {
			return c.Name
		}
		return string(name[0]) + c.Title
	}
	return stranger
}

// wish names what the caller came for last, in a few words.
func (e *Engine) wish(st *State) (string, bool) {
	for i := len(st.Tried) - 1; i >= 0; i-- {
		for _, intent := range e.flows[st.Tried[i]].Intents {
			if name, ok := topic(intent); ok && intent != nlu.Human {
				return name, true
			}
		}
	}
	return "", false
}
