package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/sop"
	"waggle/vision"
)

// see waits for a photo and settles what it is worth: the machine may accept
// what it sees, ask for another photo, or leave it to a person. It never says
// no. What is above the limit or too late is for the guard of the tool.
func see(e sop.Evidence) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		o, err := focus(ctx, sc)
		if err != nil {
			return dialog.Finish, err
		}
		doubted := needsEyes(sc)
		s, by := look(sc, e.Kind, e.Labels...)
		note := strings.TrimRight(by.Note, "。！ ")
		switch {
		case doubted:
			return settle(sc, sop.Person, "")
		case s == sightSeen && withinQuality(sc, o):
			evidence(sc, by)
			return settle(sc, sop.Accepted, note)
		case s == sightSeen, s == sightNone && sc.Answering && noPhoto(sc):
			return settle(sc, sop.Person, "")
		case s == sightNone && sc.Answering:
			return dialog.Unanswered, nil
		case s == sightNone:
			if w := e.Sorry.String(); w != "" && sc.Tries() == 0 {
				sc.Say(itself(sc.Flow()), "%s", text(w))
			}
			wantPhoto(sc, sc.Flow(), e.Show)
			return dialog.Wait, nil
		case looks(sc) >= retakes || sc.Tries() > 0:
			return settle(sc, sop.Person, "")
		}
		sc.Missed()
		if note == "" {
			note = e.Unclear
		}
		sc.Say(dialog.Source{Kind: "photo", ID: "quality", Facts: []string{note}}, "照片收到了，%s。", text(note))
		wantPhoto(sc, sc.Flow(), e.Closer)
		return dialog.Wait, nil
	}
}

func settle(sc *dialog.Scene, verdict, note string) (dialog.Verdict, error) {
	sc.Set("verdict", verdict)
	sc.Set("note", note)
	return dialog.Continue, nil
}

// needsEyes tells whether a photo that has just come is one for a person.
func needsEyes(sc *dialog.Scene) bool {
	for _, f := range sc.State.Photos {
		if f.Label == vision.LabelReview {
			return true
		}
	}
	return false
}
