package dialog

// Exchange is what was said in one turn.
type Exchange struct {
	User  string `json:"user"`
	Robot string `json:"robot"`
}

// Bounds of what a state remembers for a language model.
const (
	mostRecent   = 4
	longestNoted = 200 // characters
)

// note remembers an exchange of words.
func (s *State) note(t Turn, r Reply) {
	if t.Text == "" {
		return
	}
	s.Recent = append(s.Recent, Exchange{User: shortened(t.Text), Robot: shortened(r.Text())})
	if n := len(s.Recent) - mostRecent; n > 0 {
		s.Recent = append([]Exchange(nil), s.Recent[n:]...)
	}
}

func shortened(s string) string {
	if r := []rune(s); len(r) > longestNoted {
		return string(r[:longestNoted])
	}
	return s
}

// Speak adds a sentence that was made elsewhere, with its sources, and lets
// those who listen have it at once if the guard proves it.
func (sc *Scene) Speak(s Sentence) {
	sc.draft.say(s)
	if sc.emit != nil && len(sc.guard.Check(s.Text, s.facts(), sc.Now())) == 0 {
		sc.emit(s)
	}
}

// ModelFlow is the name of the flow in which a language model answers.
const ModelFlow = "agent"

// AskModel lets the language model answer instead of the flow under way; it
// tells whether there is one.
func (sc *Scene) AskModel() bool {
	if !sc.hasModel {
		return false
	}
	sc.ThenAbout(ModelFlow, sc.Clause.Text)
	return true
}
