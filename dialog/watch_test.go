package dialog_test

import (
	"testing"
	"time"

	"waggle/dialog"
	"waggle/vision"
)

// A desk that watches the queue is told of everything that changes it, and of
// what the shopper says while waiting.
func TestTheQueueTellsWhatChanges(t *testing.T) {
	log := dialog.NewMemoryLog()
	c := talk(t, log)
	changed, cancel := c.WatchPeople()
	defer cancel()
	rang := func(what string, want bool) {
		t.Helper()
		select {
		case <-changed:
			if !want {
				t.Errorf("%s: it rang", what)
			}
		default:
			if want {
				t.Errorf("%s: nothing rang", what)
			}
		}
	}
	id := start(t, c, dialog.Opening{})
	rang("a conversation with the robot", false)
	next(t, c, id, "person")
	rang("handed over", true)
	if q := c.WithPeople(); len(q) != 1 || q[0].Said != "person" || q[0].SaidAt.IsZero() {
		t.Errorf("queue %+v", q)
	}
	next(t, c, id, "bye")
	rang("said while waiting", true)
	if err := c.Take(t.Context(), id, "ann"); err != nil {
		t.Fatal(err)
	}
	rang("taken", true)
	if q := c.WithPeople(); len(q) != 1 || q[0].Said != "bye" || q[0].Operator != "ann" {
		t.Errorf("queue %+v", q)
	}
	again := talk(t, log) // the gateway starts anew
	if err := again.Restore(t.Context(), []string{id}); err != nil {
		t.Fatal(err)
	}
	if q := again.WithPeople(); len(q) != 1 || q[0].Said != "bye" || time.Since(q[0].SaidAt) > time.Hour {
		t.Errorf("queue after a restart %+v", q)
	}
	if err := c.GiveBack(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	rang("given back", true)
	cancel()
	cancel()
	next(t, c, id, "person")
	rang("nobody watches any more", false)
}

// Several photos of one turn are all named, and one alone is as ever.
func TestTheNamesOfPhotos(t *testing.T) {
	for _, x := range []struct {
		turn dialog.Turn
		want int
	}{
		{dialog.Turn{Text: "x"}, 0}, {dialog.Turn{PhotoID: "a"}, 1},
		{dialog.Turn{PhotoID: "a", Photos: seen("a", "b", "c")}, 3},
	} {
		if got := x.turn.PhotoIDs(); len(got) != x.want {
			t.Errorf("%+v: %v", x.turn, got)
		}
		r := dialog.Recount([]dialog.Entry{{Turn: &x.turn}})
		if got := r.Turns[0]; (got.Photo != "") != (x.want > 0) || (len(got.Photos) > 0) != (x.want > 1) {
			t.Errorf("record %+v", got)
		}
	}
}

func seen(ids ...string) (out []vision.Seen) {
	for _, id := range ids {
		out = append(out, vision.Seen{Photo: id})
	}
	return out
}
