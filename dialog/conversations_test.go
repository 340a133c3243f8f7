package dialog_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop/demo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// words is an Understander that knows four.
type words struct{}

func (words) Understand(text string, _ ...string) nlu.Understanding {
	intent := map[string]nlu.Intent{"ask": nlu.Parcel, "yes": nlu.Yes, "bye": nlu.Goodbye, "person": nlu.Human}[text]
	c := nlu.Clause{Text: text, Intent: intent, Score: 1}
	return nlu.Understanding{Text: text, Clauses: []nlu.Clause{c}}
}

// say makes a flow of one step.
func say(name string, intent nlu.Intent, step dialog.Step) dialog.Flow {
	return dialog.Flow{Name: name, Intents: []nlu.Intent{intent}, Steps: []dialog.Step{step}}
}

// question asks once and takes a yes.
func question(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	src := dialog.FromFlow("test")
	if !sc.Answering {
		sc.Ask(dialog.Expect{Kind: dialog.ExpectYesNo}, src, "真的吗？")
		return dialog.Wait, nil
	}
	if !sc.Heard.Is(nlu.Yes) {
		return dialog.Unanswered, nil
	}
	sc.Say(src, "好了。")
	return dialog.Continue, nil
}

func talk(t *testing.T, log dialog.Log, flows ...dialog.Flow) *dialog.Conversations {
	t.Helper()
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	flows = append(flows,
		say("human", nlu.Human, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			sc.Say(dialog.FromFlow("human"), "请稍等。")
			sc.HandOff(dialog.HandOff{Reason: "asked for"})
			return dialog.Continue, nil
		}),
		say("bye", nlu.Goodbye, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			sc.Say(dialog.FromFlow("bye"), "再见。")
			sc.End(dialog.OutcomeNone)
			return dialog.Continue, nil
		}))
	e, err := dialog.NewEngine(t.Context(), dialog.Options{Shop: shop, Flows: flows, Understander: words{}})
	if err != nil {
		t.Fatal(err)
	}
	return dialog.NewConversations(e, log)
}

func start(t *testing.T, c *dialog.Conversations, o dialog.Opening) string {
	t.Helper()
	id, _, err := c.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func next(t *testing.T, c *dialog.Conversations, id, text string) dialog.Reply {
	t.Helper()
	r, err := c.Next(t.Context(), id, dialog.Turn{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A conversation that is read back from its log goes on where it was.
func TestConversationSurvivesRestart(t *testing.T) {
	log := dialog.NewMemoryLog()
	ask := say("ask", nlu.Parcel, question)
	before := talk(t, log, ask)
	id := start(t, before, dialog.Opening{})
	if r := next(t, before, id, "ask"); r.Text() != "真的吗？" {
		t.Fatalf("asked %q", r.Text())
	}
	if r := next(t, talk(t, log, ask), id, "yes"); r.Text() != "好了。" {
		t.Errorf("after the restart it said %q", r.Text())
	}
}

// What the caller heard of a reply is known to the next turn, also after a
// restart.
func TestHeardReachesTheNextTurn(t *testing.T) {
	var got []bool
	ask := say("ask", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Answering {
			got = append(got, sc.State.HeardSentence("真的吗？"))
			return dialog.Continue, nil
		}
		sc.Ask(dialog.Expect{}, dialog.FromFlow("test"), "真的吗？")
		return dialog.Wait, nil
	})
	for _, heard := range []string{"真", "真的吗？"} {
		log := dialog.NewMemoryLog()
		c := talk(t, log, ask)
		id := start(t, c, dialog.Opening{})
		next(t, c, id, "ask")
		if err := c.Heard(t.Context(), id, heard); err != nil {
			t.Fatal(err)
		}
		next(t, talk(t, log, ask), id, "yes")
	}
	if want := []bool{false, true}; !reflect.DeepEqual(got, want) {
		t.Errorf("heard %v, want %v", got, want)
	}
}

// Turns of one conversation never run at the same time; those of others do.
func TestTurnsAreSerialisedPerConversation(t *testing.T) {
	var (
		mu            sync.Mutex
		running, most = map[string]int{}, map[string]int{}
		met           = make(chan struct{})
		arrivals      int
	)
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		id := sc.State.Conversation
		mu.Lock()
		running[id]++
		most[id] = max(most[id], running[id])
		if arrivals++; arrivals == 2 { // one turn of each conversation is inside
			close(met)
		}
		mu.Unlock()
		select {
		case <-met:
		case <-ctx.Done():
			return dialog.Finish, ctx.Err()
		}
		mu.Lock()
		running[id]--
		mu.Unlock()
		return dialog.Continue, nil
	}))
	ids := []string{start(t, c, dialog.Opening{}), start(t, c, dialog.Opening{})}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for range 8 {
		for _, id := range ids {
			all.Go(func() {
				if _, err := c.Next(ctx, id, dialog.Turn{Text: "ask"}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	for id, n := range most {
		if n != 1 {
			t.Errorf("%d turns of %s at once", n, id)
		}
	}
}

// Entries are numbered without a gap, and a subscriber sees the same ones.
func TestSubscriberSeesWhatIsLogged(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, question))
	id := start(t, c, dialog.Opening{})
	seen, cancel := c.Subscribe(id)
	defer cancel()
	next(t, c, id, "ask")
	next(t, c, id, "yes")
	if err := c.End(t.Context(), id, "hang-up"); err != nil {
		t.Fatal(err)
	}
	if err := c.End(t.Context(), id, "hang-up"); err != nil {
		t.Fatalf("ending twice: %v", err)
	}
	entries, err := c.Entries(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range entries {
		if e.Seq != i+1 {
			t.Errorf("entry %d has number %d", i+1, e.Seq)
		}
	}
	var got []int
	for e := range seen { // closed by End
		got = append(got, e.Seq)
	}
	if want := []int{4, 5, 6, 7, 8}; !reflect.DeepEqual(got, want) {
		t.Errorf("subscriber saw %v, want %v", got, want)
	}
	if entries[len(entries)-1].Ended != "hang-up" {
		t.Errorf("last entry is %+v", entries[len(entries)-1])
	}
}

func TestSlowSubscriberIsCutOff(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, question))
	id := start(t, c, dialog.Opening{})
	seen, cancel := c.Subscribe(id)
	defer cancel()
	for range 100 {
		next(t, c, id, "ask")
	}
	n := 0
	for range seen {
		n++
	}
	if n == 0 || n >= 200 {
		t.Errorf("%d entries before the cut", n)
	}
	cancel()
	cancel() // twice is fine
}

// Nobody can be told of by a conversation that does not exist.
func TestUnknownAndEndedConversations(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, question))
	if _, err := c.Next(t.Context(), "nobody", dialog.Turn{Text: "ask"}); !errors.Is(err, dialog.ErrUnknown) {
		t.Errorf("unknown: %v", err)
	}
	if _, err := c.Entries(t.Context(), "nobody"); !errors.Is(err, dialog.ErrUnknown) {
		t.Errorf("unknown entries: %v", err)
	}
	id := start(t, c, dialog.Opening{})
	if r := next(t, c, id, "bye"); !r.End {
		t.Errorf("goodbye does not end: %+v", r)
	}
	if _, err := c.Next(t.Context(), id, dialog.Turn{Text: "ask"}); !errors.Is(err, dialog.ErrEnded) {
		t.Errorf("ended: %v", err)
	}
}

func TestHumanSilencesTheRobotUntilGivenBack(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, question))
	id := start(t, c, dialog.Opening{})
	if r := next(t, c, id, "person"); r.HandOff == nil {
		t.Fatalf("no hand-off: %+v", r)
	}
	if r := next(t, c, id, "ask"); len(r.Sentences) > 0 {
		t.Errorf("the robot talks into it: %q", r.Text())
	}
	if err := c.GiveBack(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if r := next(t, c, id, "ask"); r.Text() != "真的吗？" {
		t.Errorf("after giving back: %q", r.Text())
	}
}

// failing is a log that cannot be written.
type failing struct{ dialog.MemoryLog }

var errDisk = errors.New("disk full")

func (*failing) Append(context.Context, dialog.Entry) error { return errDisk }

func TestWhatCannotBeLoggedIsNotSaid(t *testing.T) {
	c := talk(t, &failing{}, say("ask", nlu.Parcel, question))
	if _, _, err := c.Start(t.Context(), dialog.Opening{}); !errors.Is(err, errDisk) {
		t.Errorf("start without a log: %v", err)
	}
}

// A fault in a flow is apologised for, and the conversation goes on.
func TestFaultIsApologisedFor(t *testing.T) {
	broken := true
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if broken {
			return dialog.Finish, errors.New("the shop is gone")
		}
		return question(ctx, sc)
	}))
	id := start(t, c, dialog.Opening{})
	if r := next(t, c, id, "ask"); r.Text() != "不好意思，系统刚才出了点问题，请您再说一遍。" {
		t.Errorf("said %q", r.Text())
	}
	broken = false
	if r := next(t, c, id, "ask"); r.Text() != "真的吗？" {
		t.Errorf("then said %q", r.Text())
	}
}

// A sentence with a number that is in no record is held back by the engine,
// whichever flow made it.
func TestUnprovenSentenceIsHeldBack(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(dialog.FromFlow("test"), "保证明天赔您500元。")
		return dialog.Continue, nil
	}))
	id := start(t, c, dialog.Opening{})
	if r := next(t, c, id, "ask"); r.Text() != "这一点要请同事确认，给您转人工客服。" {
		t.Errorf("said %q", r.Text())
	}
}

// Many conversations do not fill the memory: idle ones are read back from the
// log when they go on.
func TestIdleConversationsAreReadBack(t *testing.T) {
	c := talk(t, dialog.NewMemoryLog(), say("ask", nlu.Parcel, question))
	first := start(t, c, dialog.Opening{})
	next(t, c, first, "ask")
	for range 400 {
		start(t, c, dialog.Opening{})
	}
	if n := dialog.Live(c); n > 300 {
		t.Errorf("%d conversations are kept in memory", n)
	}
	if r := next(t, c, first, "yes"); r.Text() != "好了。" {
		t.Errorf("the first one said %q", r.Text())
	}
}

func TestOneFlowPerIntent(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for name, flows := range map[string][]dialog.Flow{
		"same name":   {say("a", nlu.Parcel, question), say("a", nlu.Yes, question)},
		"same intent": {say("a", nlu.Parcel, question), say("b", nlu.Parcel, question)},
		"no steps":    {{Name: "a"}},
		"no flows":    nil,
	} {
		if _, err := dialog.NewEngine(t.Context(), dialog.Options{Shop: shop, Flows: flows, Understander: words{}}); err == nil {
			t.Error(fmt.Sprint(name, " was accepted"))
		}
	}
}
