package dialog

import (
	"waggle/dialog/guard"
)

// guarded checks every sentence against its own evidence. What is not proven
// is not said: it is replaced, and the fault is logged for the maintainers.
func (e *Engine) guarded(sc *Scene, r Reply) Reply {
	for i, s := range r.Sentences {
		var facts []string
		for _, src := range s.Sources {
			facts = append(facts, src.Facts...)
		}
		unproven := guard.Check(s.Text, facts, sc.Now())
		if len(unproven) == 0 {
			continue
		}
		e.log.Error("sentence without evidence was held back", "call", sc.State.Conversation,
			"flow", s.Sources, "claims", unproven)
		r.Sentences[i] = Sentence{Text: "这一点我需要请同事确认后再回复您。", Sources: []Source{FromFlow("guard")}}
	}
	return r
}
