package online

import (
	"time"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/fbank"
	"waggle/asr/itn"
	"waggle/asr/tokens"
)

// transcript writes readings, best first, of an utterance that began at base.
func (r *Recognizer) transcript(paths []ctcbeam.Path, base time.Duration) asr.Transcript {
	best := paths[0]
	words := r.spec.Tokens.Words(best.IDs())
	spoken := tokens.Join(words)
	t := asr.Transcript{Spoken: spoken, Text: r.write(spoken), Uncalibrated: true}
	if spoken == "" {
		return t
	}
	t.Confidence = best.Confidence()
	for _, w := range words {
		said := ctcbeam.Path{Tokens: best.Tokens[w.First : w.Last+1]}
		t.Words = append(t.Words, asr.Word{
			Text: w.Text, Confidence: said.Confidence(),
			Start: max(base+r.at(said.Tokens[0].First), 0), End: max(base+r.at(said.Tokens[len(said.Tokens)-1].Last+1), 0),
		})
	}
	for _, p := range paths[1:] {
		if text := r.write(r.spec.Tokens.Text(p.IDs())); text != "" && text != t.Text {
			t.NBest = append(t.NBest, asr.Alternative{Text: text, Confidence: p.Confidence()})
		}
	}
	return t
}

// write applies inverse text normalisation unless the model did.
func (r *Recognizer) write(spoken string) string {
	if r.written {
		return spoken
	}
	return itn.Normalise(spoken)
}

// at is the time of a token frame from the beginning of the utterance.
func (r *Recognizer) at(frame int) time.Duration {
	return time.Duration(frame*r.spec.Frame) * time.Second * fbank.Shift / fbank.Rate
}
