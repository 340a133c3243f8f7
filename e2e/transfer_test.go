package e2e

import (
	"fmt"
	"testing"
	"time"
)

// transferred is the last attempt to reach a person by phone; the zero value
// if there was none.
func (g *gateway) transferred() transfer {
	var last transfer
	for _, c := range g.calls() {
		for _, x := range c.Transfers {
			last = x
		}
	}
	return last
}

// wanting is a phone whose caller asks for a person when the greeting is over.
func wanting(t *testing.T) *baresip {
	t.Helper()
	return newPhone(t, "13800000001", ask(t, 14*time.Second, 60*time.Second, "我要转人工客服"), false)
}

func TestAPersonByPhoneHearsWhoCallsAndTalksToThem(t *testing.T) {
	need(t, "baresip")
	person := newPhone(t, "600", ask(t, 12*time.Second, 60*time.Second, "您好，我是小安，请讲"), true)
	leave := person.start(t.Context(), 3*time.Minute)
	g := serve(t, fmt.Sprintf("desk: {transfer: \"sip:600@127.0.0.1:%d\", transfer_by: bridge}\nvoice: {record: false}\n", person.port))
	caller := wanting(t)
	defer caller.start(t.Context(), 3*time.Minute, fmt.Sprintf("/dial sip:waggle@127.0.0.1:%d", g.sip))()
	await(t, "the caller to talk to the person", 100*time.Second, func() bool { return g.transferred().State == "joined" })
	time.Sleep(14 * time.Second) // let them talk: it is sound, not an event
	leave()
	await(t, "the robot to have the caller again", 30*time.Second, func() bool {
		calls := g.calls()
		turns := calls[len(calls)-1].Turns
		return g.transferred().State == "left" && turns[len(turns)-1].Event == "operator.left"
	})
	const announced, said = "来电王女士", "您好我是小安请讲"
	if got := must(t, "transcribe", person.heard()); shared(announced, got) < 0.5 {
		t.Errorf("the person was told %q, want %q", got, announced)
	}
	if got := must(t, "transcribe", caller.heard()); shared(said, got) < 0.5 {
		t.Errorf("the caller heard %q, want %q in it", got, said)
	}
}

// baresip takes REFER and calls the desk itself: nothing is bridged.
func TestAPhoneThatTransfersIsSentToThePerson(t *testing.T) {
	need(t, "baresip")
	person := newPhone(t, "600", ask(t, time.Second, 60*time.Second, "您好，我是小安，请讲"), true)
	defer person.start(t.Context(), 3*time.Minute)()
	g := serve(t, fmt.Sprintf("desk: {transfer: \"sip:600@127.0.0.1:%d\"}\nvoice: {record: false}\n", person.port))
	caller := wanting(t)
	defer caller.start(t.Context(), 3*time.Minute, fmt.Sprintf("/dial sip:waggle@127.0.0.1:%d", g.sip))()
	await(t, "the phone to call the person", 100*time.Second, func() bool { return g.transferred().State == "referred" })
	await(t, "the robot's call to be over", 20*time.Second, func() bool {
		calls := g.calls()
		return calls[len(calls)-1].Outcome == "hand-off"
	})
}

// Nobody answers at the desk: the robot has the caller again, and says so.
func TestADeskThatIsAwayGivesTheCallerBack(t *testing.T) {
	need(t, "baresip")
	g := serve(t, fmt.Sprintf("desk: {transfer: \"sip:600@127.0.0.1:%d;transport=tcp\", transfer_by: bridge}\nvoice: {record: false}\n", port(t)))
	caller := wanting(t)
	defer caller.start(t.Context(), 3*time.Minute, fmt.Sprintf("/dial sip:waggle@127.0.0.1:%d", g.sip))()
	await(t, "the robot to offer a call back", 100*time.Second, func() bool {
		calls := g.calls()
		if len(calls) == 0 {
			return false
		}
		turns := calls[len(calls)-1].Turns
		return g.transferred().State == "failed" && len(turns) > 0 && turns[len(turns)-1].Event == "transfer.failed"
	})
}
