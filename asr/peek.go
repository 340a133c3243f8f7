package asr

// Peeker is implemented by streams that can say, while the utterance is still
// open, what they would return if it ended now.
type Peeker interface {
	// Peek is the transcript that Finish would return at this moment, but not
	// Final, and how finished the sentence is. The utterance stays open: sound
	// written later is heard as if Peek had never been called. It costs about
	// as much as Finish, so it is meant for once or twice in a pause, not for
	// every frame. A Finish that follows without new speech in between costs
	// next to nothing.
	Peek() (Transcript, Progress, error)
}
