package dialog_test

import (
	"context"
	"testing"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop/demo"
)

// moods understands every turn as a question about a parcel, said in anger when
// it begins with an exclamation mark.
type moods struct{}

func (moods) Understand(text string, _ ...string) nlu.Understanding {
	u := nlu.Understanding{Text: text, Clauses: []nlu.Clause{{Text: text, Intent: nlu.Parcel, Score: 1}}}
	if text[0] == '!' {
		u.Mood = nlu.Mood{Sentiment: nlu.Negative, SentimentScore: 0.9, Emotion: nlu.Angry, EmotionScore: 0.9}
	}
	return u
}

// The second angry turn brings a person, whatever was asked; one is human.
func TestTheSecondAngryTurnBringsAPerson(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ask := say("ask", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(dialog.FromFlow("ask"), "好的。")
		return dialog.Continue, nil
	})
	e, err := dialog.NewEngine(t.Context(), dialog.Options{Shop: shop, Flows: []dialog.Flow{ask}, Understander: moods{}})
	if err != nil {
		t.Fatal(err)
	}
	c := dialog.NewConversations(e, dialog.NewMemoryLog())
	id := start(t, c, dialog.Opening{})
	for i, x := range []struct {
		text string
		want bool
	}{{"where", false}, {"!where", false}, {"where", false}, {"!where now", true}} {
		if r := next(t, c, id, x.text); (r.HandOff != nil) != x.want {
			t.Errorf("turn %d: %+v", i+1, r)
		}
	}
}
