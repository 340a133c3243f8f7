package sop

import (
	"waggle/dialog"
	"waggle/dialog/nlu"
)

// An offer is made once. A shopper who wants to send something back may be
// shown a reason to keep it; whoever does not say yes to that has said no, and
// is not asked again: not after a question in between, not when the matter
// comes up later in the conversation.

// refused tells that an offer has been made before and is not to be put again:
// its step was come back to. Having it repeated is no coming back.
func (c *compiler) refused(sc *dialog.Scene, s, does *Step) bool {
	return s.Confirm.Once && sc.State.WasOffered(offering(sc, does)) && !sc.Heard.Is(nlu.Repeat, nlu.Slower, nlu.Faster)
}

// offering names what is offered: a deed for the order in focus.
func offering(sc *dialog.Scene, does *Step) string { return does.Tool.Name + " " + sc.State.Order }

// lead says what goes before the question, and notes that the offer was made.
func (e *env) lead(s, does *Step) {
	if s.Confirm.Lead.source != "" {
		src, values := e.source(s.Confirm.Lead)
		e.sc.Say(src, s.Confirm.Lead.format, values...)
	}
	if s.Confirm.Once {
		e.sc.State.Offer(offering(e.sc, does))
	}
}
