package voice

import "time"

// Timing is where the time went between the end of the caller's speech, as the
// ear judges it, and the first packet of the reply. What the line itself adds
// (jitter buffer, the detector's own delay) is not in it.
type Timing struct {
	// Endpoint is how long the pause had to last before it ended the turn.
	Endpoint time.Duration
	// Final is from there to the words, Answer from the words to the reply.
	Final, Answer time.Duration
	// Voice is from the reply to its first sound, Playout from that to the beat
	// that sent it.
	Voice, Playout time.Duration
}

// Total is what the caller waited.
func (t Timing) Total() time.Duration { return t.Endpoint + t.Final + t.Answer + t.Voice + t.Playout }

// stopwatch notes the moments of a turn; the zero value measures nothing.
type stopwatch struct {
	silent   time.Time // the caller fell silent
	decided  time.Time // the pause was long enough
	final    time.Time // the words were known
	answered time.Time // the reply was there
}

// timing is false if nobody waited for the speech, or nothing of it was sent.
func (w stopwatch) timing(ready, first time.Time) (Timing, bool) {
	if w.silent.IsZero() || first.IsZero() {
		return Timing{}, false
	}
	between := func(a, b time.Time) time.Duration { return max(0, b.Sub(a)) }
	return Timing{
		Endpoint: between(w.silent, w.decided), Final: between(w.decided, w.final), Answer: between(w.final, w.answered),
		Voice: between(w.answered, ready), Playout: between(ready, first),
	}, true
}
