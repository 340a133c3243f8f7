package voice

import "time"

// verdict says what an utterance was.
type verdict byte

const (
	nothing verdict = iota // a noise or a backchannel: the robot goes on
	unclear                // something was said, nothing understood
	words
)

// shortNoise is the longest sound that is passed over when nothing was
// understood of it.
const shortNoise = 400 * time.Millisecond

// understood reports whether the words can be taken for what was said. Sound
// that was made up for lost packets is plausible and not what was said, so the
// more of it there is, the surer the words must be. So they must be where the
// confidence is a model's own and nobody measured how often it is right.
func (u utterance) understood(sure float32) bool {
	if u.transcript.Uncalibrated {
		sure += (1 - sure) / 2
	}
	doubt := min(1, lossDoubt*float32(u.lost))
	return u.transcript.Text != "" && u.transcript.Confidence >= sure+(1-sure)*doubt
}

// lossDoubt is how much of what is left to certainty a lost share takes: with
// a tenth lost, three tenths.
const lossDoubt = 3

// judge weighs an utterance. While the robot speaks only words that were
// understood, and that are more than a nod, take the floor from it.
func (t *turns) judge(u utterance) verdict {
	understood := u.understood(t.sure)
	switch {
	case t.speech != nil && (!understood || Backchannel(u.transcript.Text, t.reply.Expect.Kind)):
		return nothing
	case understood:
		return words
	case u.speech < shortNoise:
		return nothing
	}
	return unclear
}
