package store

import (
	"context"
	"testing"
	"time"

	"waggle/api"
	"waggle/vision/forensic"
)

func TestAPictureIsRecognisedWhenSomebodyElseSendsIt(t *testing.T) {
	s := open(t)
	first := api.Sighting{Photo: "A", Shop: "demo", Conversation: "c1", Customer: "ann", At: time.Unix(1, 0),
		Print: forensic.Fingerprint{Frequencies: 0xf00f_1234_5678_9abc, Order: 0x0123456789abcdef}}
	nearly := first.Print
	nearly.Frequencies ^= 1<<3 | 1<<17 | 1<<18 | 1<<40 | 1<<60 | 1<<61 // six bits over all four bands
	nearly.Order ^= 0xff
	far := first.Print
	far.Frequencies ^= 0x7f
	other := first.Print
	other.Order ^= 0x1ff
	cases := []struct {
		name string
		v    api.Sighting
		want int
	}{
		{"the first", first, 0},
		{"again in the conversation", api.Sighting{Photo: "B", Shop: "demo", Conversation: "c1", Customer: "ann", At: time.Unix(2, 0), Print: first.Print}, 0},
		{"the same customer later", api.Sighting{Photo: "C", Shop: "demo", Conversation: "c2", Customer: "ann", At: time.Unix(3, 0), Print: first.Print}, 0},
		{"another shop", api.Sighting{Photo: "D", Shop: "else", Conversation: "c3", Customer: "bob", Print: first.Print}, 0},
		{"seven bits away", api.Sighting{Photo: "E", Shop: "demo", Conversation: "c3", Customer: "bob", Print: far}, 0},
		{"another order of neighbours", api.Sighting{Photo: "F", Shop: "demo", Conversation: "c4", Customer: "bob", At: time.Unix(4, 0), Print: other}, 0},
		{"somebody else, shrunk", api.Sighting{Photo: "G", Shop: "demo", Conversation: "c5", Customer: "eve", Print: nearly}, 4},
	}
	for _, c := range cases {
		before, err := s.See(context.Background(), c.v)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if len(before) != c.want {
			t.Errorf("%s: %d before, want %d: %+v", c.name, len(before), c.want, before)
		}
		if c.want > 0 && (before[0].Photo != "A" || before[0].Customer != "ann" || !before[0].At.Equal(first.At) || before[0].Print != first.Print) {
			t.Errorf("%s: %+v", c.name, before[0])
		}
	}
}
