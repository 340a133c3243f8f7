package dialog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop/demo"
)

// The robot hands over, an operator takes, speaks and gives back; the robot is
// silent all the while, and the log tells who said what.
func TestAnOperatorHasTheConversationUntilItIsGivenBack(t *testing.T) {
	log := dialog.NewMemoryLog()
	c := talk(t, log)
	id := start(t, c, dialog.Opening{})
	if err := c.Say(t.Context(), id, "ann", "hello"); !errors.Is(err, dialog.ErrNotTaken) {
		t.Errorf("before it was taken: %v", err)
	}
	next(t, c, id, "person")
	queue := c.WithPeople()
	if len(queue) != 1 || queue[0].Conversation != id || queue[0].Reason != "asked for" || queue[0].Operator != "" {
		t.Fatalf("queue %+v", queue)
	}
	for _, step := range []struct {
		name string
		do   func() error
		want error
	}{
		{"speak before taking", func() error { return c.Say(t.Context(), id, "ann", "x") }, dialog.ErrNotTaken},
		{"take", func() error { return c.Take(t.Context(), id, "ann") }, nil},
		{"take twice", func() error { return c.Take(t.Context(), id, "ann") }, nil},
		{"take from another", func() error { return c.Take(t.Context(), id, "bob") }, dialog.ErrTaken},
		{"speak for another", func() error { return c.Say(t.Context(), id, "bob", "x") }, dialog.ErrTaken},
		{"close for another", func() error { return c.Close(t.Context(), id, "bob") }, dialog.ErrTaken},
		{"speak", func() error { return c.Say(t.Context(), id, "ann", "我是小安。") }, nil},
	} {
		if err := step.do(); !errors.Is(err, step.want) {
			t.Errorf("%s: %v, want %v", step.name, err, step.want)
		}
		if r := next(t, c, id, "bye"); r.Text() != "" {
			t.Errorf("after %q the robot said %q", step.name, r.Text())
		}
	}
	again := talk(t, log) // the gateway starts anew
	if err := again.Restore(t.Context(), []string{id}); err != nil {
		t.Fatal(err)
	}
	if q := again.WithPeople(); len(q) != 1 || q[0].Operator != "ann" {
		t.Errorf("queue after a restart %+v", q)
	}
	if err := again.GiveBack(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if len(again.WithPeople()) != 0 {
		t.Error("it is still in the queue")
	}
	if r := next(t, again, id, "bye"); r.Text() != "再见。" {
		t.Errorf("the robot said %q", r.Text())
	}
	if got := acts(t, log, id); got != "[ann take  ann say 我是小安。 ann give-back ]" {
		t.Errorf("log: %s", got)
	}
}

func acts(t *testing.T, log dialog.Log, id string) string {
	t.Helper()
	entries, err := log.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, e := range entries {
		if o := e.Operator; o != nil {
			out = append(out, fmt.Sprintf("%s %s %s", o.By, o.Act, o.Text))
		}
	}
	return fmt.Sprint(out)
}

// A turn under way is answered before an operator has the conversation: never
// both at once.
func TestTakingWaitsForTheTurn(t *testing.T) {
	inside, goOn := make(chan struct{}), make(chan struct{})
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		close(inside)
		<-goOn
		sc.Say(dialog.FromFlow("ask"), "好了。")
		return dialog.Continue, nil
	}))
	id := start(t, c, dialog.Opening{})
	seen, cancel := c.Subscribe(id)
	defer cancel()
	done := make(chan error, 2)
	go func() {
		_, err := c.Next(t.Context(), id, dialog.Turn{Text: "ask"})
		done <- err
	}()
	<-inside
	go func() { done <- c.Take(t.Context(), id, "ann") }()
	close(goOn)
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	var order []string
	for len(order) < 2 {
		switch e := <-seen; {
		case e.Reply != nil:
			order = append(order, "reply")
		case e.Operator != nil:
			order = append(order, "operator")
		}
	}
	if order[0] != "reply" {
		t.Errorf("order %v", order)
	}
}

func TestAnOperatorMayCloseAConversation(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog())
	id := start(t, c, dialog.Opening{})
	if err := c.Take(t.Context(), id, "ann"); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(t.Context(), id, "ann"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"take": c.Take(t.Context(), id, "ann"), "say": c.Say(t.Context(), id, "ann", "x"), "close": c.Close(t.Context(), id, "ann")} {
		if !errors.Is(err, dialog.ErrEnded) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(c.WithPeople()) != 0 {
		t.Error("it is still in the queue")
	}
}

type desk bool

func (d desk) Open(time.Time, bool) bool { return bool(d) }

// With nobody at the desk the case becomes one ticket, the shopper hears the
// truth and the robot goes on.
func TestAClosedDeskOpensOneTicket(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	human := say("human", nlu.Human, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(dialog.FromFlow("human"), "马上为您转人工客服，请稍等。")
		sc.HandOff(dialog.HandOff{Reason: "asked for", Summary: sc.Summary()})
		return dialog.Continue, nil
	})
	for who, tickets := range map[string]int{"c01": 1, "": 0} {
		e, err := dialog.NewEngine(t.Context(), dialog.Options{Shop: shop, Flows: []dialog.Flow{human}, Understander: words{}, Desk: desk(false)})
		if err != nil {
			t.Fatal(err)
		}
		c := dialog.NewConversations(e, dialog.NewMemoryLog())
		id := start(t, c, dialog.Opening{User: who})
		for range 2 {
			r := next(t, c, id, "person")
			if r.HandOff != nil || len(r.Sentences) != 1 || r.Text() == "马上为您转人工客服，请稍等。" {
				t.Errorf("%q: %+v", who, r)
			}
		}
		if who == "" {
			continue
		}
		list, err := shop.TicketsOf(t.Context(), who)
		if err != nil || len(list) != tickets || list[0].Kind != "hand-off" {
			t.Errorf("tickets %+v, %v", list, err)
		}
	}
}

// Two robots that talk to each other do not do so for ever.
func TestConversationsComeToAnEnd(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog())
	id := start(t, c, dialog.Opening{})
	for i := 1; ; i++ {
		r := next(t, c, id, "your call is important to us")
		if r.End {
			if i != 5 {
				t.Errorf("ended after %d times the same", i)
			}
			break
		}
		if r.HandOff != nil {
			if err := c.GiveBack(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
	}
	ask := say("ask", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(dialog.FromFlow("ask"), "好的。")
		return dialog.Continue, nil
	})
	c = talk(t, dialog.NewMemoryLog(), ask)
	id = start(t, c, dialog.Opening{})
	for i := 2; ; i++ { // the greeting was the first
		if r := next(t, c, id, "ask"); r.HandOff != nil {
			if i != 61 || r.HandOff.Reason != "too many turns" {
				t.Errorf("turn %d: %+v", i, r.HandOff)
			}
			return
		}
	}
}
