package dialog

import (
	"waggle/dialog/guard"
)

// guarded checks every sentence against its own evidence. What is not proven
// is not said: it is replaced, and the fault is logged for the maintainers by
// kind; what was claimed may be somebody's data and is no more than debugging.
func (e *Engine) guarded(sc *Scene, r Reply) Reply {
	for i, s := range r.Sentences {
		unproven := e.guard.Check(s.Text, s.facts(), sc.Now())
		if pattern := guard.Injection(s.Text); pattern != "" {
			unproven = append(unproven, guard.Claim{Kind: guard.Order, Text: pattern})
		}
		if len(unproven) == 0 {
			continue
		}
		e.log.Error("sentence without evidence was held back", "call", sc.State.Conversation,
			"source", s.origin(), "kinds", guard.Kinds(unproven))
		e.log.Debug("what was held back", "call", sc.State.Conversation, "sentence", s.Text, "claims", unproven)
		text := "这一点我需要请同事确认后再回复您。"
		if guard.AboutMoney(unproven) && sc.State.Script == nil {
			text = "这一点要请同事确认，给您转人工客服。"
			sc.HandOff(HandOff{Reason: ReasonNoEvidence, Summary: sc.Summary()})
			r.HandOff, r.End = sc.draft.handOff, false
		}
		r.Sentences[i] = Sentence{Text: text, Sources: []Source{FromFlow("guard")}}
	}
	return r
}

// facts are the evidence of a sentence.
func (s Sentence) facts() []string {
	var out []string
	for _, src := range s.Sources {
		out = append(out, src.Facts...)
	}
	return out
}

// origin names where a sentence comes from, without its facts.
func (s Sentence) origin() string {
	var out string
	for _, src := range s.Sources {
		out += src.Kind + ":" + src.ID + " "
	}
	return out
}
