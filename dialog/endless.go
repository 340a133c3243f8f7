package dialog

import (
	"hash/fnv"
	"strings"
	"unicode/utf8"
)

// What a conversation may last. A call is also bounded in time, by voice.
const (
	// mostTurns is how many turns the robot takes by itself.
	mostTurns = 60
	// sameNoticed is how often in a row the very same words are noticed, and
	// sameEnds how often they end the conversation: two robots that talk to each
	// other do so for ever.
	sameNoticed, sameEnds = 3, 5
	// sameLength is the least length of such words, in characters: short answers
	// repeat.
	sameLength = 4
)

// endless ends a conversation that comes to nothing; it tells whether it did.
func (e *Engine) endless(sc *Scene) bool {
	st := sc.State
	st.echo(sc.Turn.Text)
	src := FromFlow("limit")
	switch {
	case st.Same >= sameEnds:
		e.log.Warn("the same words again and again, ending", "call", st.Conversation, "times", st.Same)
		sc.Say(src, "您说的我都听到了，先不打扰您，有需要再找我，再见。")
		sc.End(OutcomeNone)
	case st.Turns > mostTurns:
		e.log.Warn("the conversation has come to its most turns", "call", st.Conversation, "turns", st.Turns)
		sc.Say(src, "我们聊了很久了，剩下的请人工客服帮您，请稍等。")
		sc.HandOff(HandOff{Reason: ReasonEndless, Summary: sc.Summary()})
	default:
		if st.Same == sameNoticed {
			e.log.Warn("the same words again, perhaps a robot", "call", st.Conversation, "times", st.Same)
		}
		return false
	}
	st.Frames, st.Later = nil, nil
	return true
}

// echo counts how often in a row the same was said.
func (s *State) echo(text string) {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) < sameLength {
		s.Echo, s.Same = 0, 0
		return
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	if sum := h.Sum32(); sum != s.Echo {
		s.Echo, s.Same = sum, 0
	}
	s.Same++
}
