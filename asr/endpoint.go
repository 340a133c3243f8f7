package asr

import "time"

// Activity is what a VAD says about the newest stretch of sound.
type Activity struct {
	// At is the media time of the end of the stretch, from the stream's start.
	At time.Duration
	// Speech is the verdict after hysteresis.
	Speech bool
	// Prob is the model's own figure in [0,1], for meters and tests.
	Prob float32
}

// Progress is what the decoder thinks of the sentence so far. It moves the
// silence that the Endpointer waits for.
type Progress int

// The states of a sentence.
const (
	// ProgressUnknown waits the normal time.
	ProgressUnknown Progress = iota
	// ProgressComplete: the words could end here, or the expected kind of
	// answer is satisfied (11 digits of a phone number, a yes).
	ProgressComplete
	// ProgressUnfinished: a number or a sentence is visibly cut short.
	ProgressUnfinished
	// ProgressAwaited: a number has been announced or asked for, and some of it
	// is still to come ("我的订单号是", eight of eleven digits). People look
	// such numbers up while they speak.
	ProgressAwaited
)

// Progressive is implemented by streams that can tell how finished the
// sentence is.
type Progressive interface{ Progress() Progress }

// EndpointSettings are durations of sound. The zero value of a field takes
// that of DefaultEndpointSettings.
type EndpointSettings struct {
	// Confirm is how much speech begins an utterance: shorter clicks do not.
	Confirm time.Duration
	// Peek is the trailing silence after which the words so far are worth
	// looking at; it must be shorter than Short.
	Peek time.Duration
	// Short, Normal, Long and Await are the trailing silences that end an
	// utterance that is complete, undecided, unfinished or awaited.
	Short, Normal, Long, Await time.Duration
	// Max ends an utterance whatever is said.
	Max time.Duration
	// PreRoll is how much sound before the confirmed beginning belongs to the
	// utterance, so that its first consonant is not cut.
	PreRoll time.Duration
}

// DefaultEndpointSettings suit a telephone dialogue: 250 to 600 ms of silence,
// and longer for a number of which a part is still owed.
func DefaultEndpointSettings() EndpointSettings {
	return EndpointSettings{
		Confirm: 120 * time.Millisecond,
		Peek:    160 * time.Millisecond,
		Short:   240 * time.Millisecond,
		Normal:  360 * time.Millisecond,
		Long:    640 * time.Millisecond,
		Await:   1500 * time.Millisecond,
		Max:     20 * time.Second,
		PreRoll: 320 * time.Millisecond,
	}
}

func (s EndpointSettings) orDefault() EndpointSettings {
	d := DefaultEndpointSettings()
	for _, f := range []struct{ got, def *time.Duration }{
		{&s.Confirm, &d.Confirm}, {&s.Peek, &d.Peek}, {&s.Short, &d.Short}, {&s.Normal, &d.Normal},
		{&s.Long, &d.Long}, {&s.Await, &d.Await}, {&s.Max, &d.Max}, {&s.PreRoll, &d.PreRoll},
	} {
		if *f.got <= 0 {
			*f.got = *f.def
		}
	}
	return s
}

// Endpoint is a decision of the Endpointer.
type Endpoint int

// The decisions.
const (
	EndpointNone Endpoint = iota
	// EndpointStart: an utterance has begun, PreRoll before SpeechStart.
	EndpointStart
	// EndpointEnd: the utterance is over; SpeechEnd is where speech stopped.
	EndpointEnd
	// EndpointMax: the utterance is over because it reached the longest time.
	EndpointMax
	// EndpointPeek: the pause has lasted for Peek, once per pause. What Observe
	// is told from now on should come from the words (asr.Peeker).
	EndpointPeek
	// EndpointResume: the caller goes on after a pause that was worth a Peek.
	EndpointResume
)

// Endpointer finds the beginning and the end of utterances from voice
// activity and the decoder's progress. It is pure arithmetic on media time and
// belongs to one goroutine.
type Endpointer struct {
	set         EndpointSettings
	inUtterance bool
	speaking    bool
	onset       time.Duration // where the present stretch of speech began
	begun       time.Duration
	lastSpeech  time.Duration
	previous    time.Duration // At of the last Activity
	peeked      bool          // in the present pause
}

// NewEndpointer makes an Endpointer waiting for speech.
func NewEndpointer(s EndpointSettings) *Endpointer {
	return &Endpointer{set: s.orDefault()}
}

// Settings returns the settings in force, defaults filled in.
func (e *Endpointer) Settings() EndpointSettings { return e.set }

// Reset forgets a running utterance and waits for speech again.
func (e *Endpointer) Reset() { e.inUtterance, e.speaking, e.peeked = false, false, false }

// SpeechStart is where the current or last utterance began to sound.
func (e *Endpointer) SpeechStart() time.Duration { return e.begun }

// SpeechEnd is where speech was last heard.
func (e *Endpointer) SpeechEnd() time.Duration { return e.lastSpeech }

// Observe takes the next activity, in order, and the decoder's progress.
func (e *Endpointer) Observe(a Activity, p Progress) Endpoint {
	if a.Speech && !e.speaking {
		e.onset = e.previous
	}
	e.speaking = a.Speech
	e.previous = a.At
	if e.inUtterance {
		return e.inside(a, p)
	}
	if !a.Speech || a.At-e.onset < e.set.Confirm {
		return EndpointNone
	}
	e.inUtterance = true
	e.begun, e.lastSpeech = e.onset, a.At
	return EndpointStart
}

func (e *Endpointer) inside(a Activity, p Progress) Endpoint {
	resumed := a.Speech && e.peeked
	if a.Speech {
		e.lastSpeech, e.peeked = a.At, false
	}
	pause := a.At - e.lastSpeech
	switch {
	case a.At-e.begun >= e.set.Max:
		e.Reset()
		return EndpointMax
	case resumed:
		return EndpointResume
	case !a.Speech && pause >= e.silence(p):
		e.Reset()
		return EndpointEnd
	case !a.Speech && !e.peeked && pause >= e.set.Peek:
		e.peeked = true
		return EndpointPeek
	}
	return EndpointNone
}

// silence is how long the pause must last to end the utterance.
func (e *Endpointer) silence(p Progress) time.Duration {
	switch p {
	case ProgressComplete:
		return e.set.Short
	case ProgressUnfinished:
		return e.set.Long
	case ProgressAwaited:
		return e.set.Await
	default:
		return e.set.Normal
	}
}
