package agent

import "time"

// Limits bound what the model may cost. A zero field takes its default.
type Limits struct {
	// Timeout is for one turn, all its completions together.
	Timeout time.Duration // 8 s
	// Steps is the most completions of one turn.
	Steps int // 4
	// AnswerTokens bounds one completion.
	AnswerTokens int // 300
	// ConversationTokens is what one conversation may cost.
	ConversationTokens int // 20,000
	// HourTokens is what all conversations together may cost in an hour.
	HourTokens int // 1,000,000
}

func (l Limits) orDefault() Limits {
	d := Limits{Timeout: 8 * time.Second, Steps: 4, AnswerTokens: 300, ConversationTokens: 20_000, HourTokens: 1_000_000}
	if l.Timeout > 0 {
		d.Timeout = l.Timeout
	}
	if l.Steps > 0 {
		d.Steps = l.Steps
	}
	if l.AnswerTokens > 0 {
		d.AnswerTokens = l.AnswerTokens
	}
	if l.ConversationTokens > 0 {
		d.ConversationTokens = l.ConversationTokens
	}
	if l.HourTokens > 0 {
		d.HourTokens = l.HourTokens
	}
	return d
}
