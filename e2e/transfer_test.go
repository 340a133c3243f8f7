package e2e

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waggle/audio"
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
	line := ask(t, 12*time.Second, 60*time.Second, "您好，我是小安，请讲")
	person := newPhone(t, "600", line, true)
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
	const announced = "来电王女士"
	if got := must(t, "transcribe", person.heard()); shared(announced, got) < 0.25 {
		t.Errorf("the person was told %q, want %q", got, announced)
	}
	if got := alike(t, filepath.Join(filepath.Dir(line), "said.wav"), caller.heard()); got < 0.8 {
		t.Errorf("the caller did not hear what the person said: the loudness of both has a correlation of %.2f at best", got)
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

// alike is the best correlation of the course of loudness of one recording with
// any stretch of another: near 1 where the first is in the second. Unlike an ear
// it does not mind a frame that a loaded machine drops.
func alike(t *testing.T, part, whole string) float64 {
	t.Helper()
	a, b := loudness(t, part), loudness(t, whole)
	best := -1.0
	for at := 0; at+len(a) <= len(b); at++ {
		best = max(best, correlation(a, b[at:at+len(a)]))
	}
	return best
}

// loudness is the level of each 20 ms, in bels, from the first to the last that
// is not silent.
func loudness(t *testing.T, path string) []float64 {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := audio.ReadWAV(f, 5*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	pcm, n := w.Mono(), w.Rate/50
	var out []float64
	for at := 0; at+n <= len(pcm); at += n {
		sum := 1e4 // a floor, so that silence is even
		for _, v := range pcm[at : at+n] {
			sum += float64(v) * float64(v) / float64(n)
		}
		out = append(out, math.Log10(sum))
	}
	silent := func(v float64) bool { return v < 4.1 }
	for len(out) > 0 && silent(out[0]) {
		out = out[1:]
	}
	for len(out) > 0 && silent(out[len(out)-1]) {
		out = out[:len(out)-1]
	}
	return out
}

// correlation is Pearson's.
func correlation(a, b []float64) float64 {
	var ma, mb, ab, aa, bb float64
	for i := range a {
		ma, mb = ma+a[i]/float64(len(a)), mb+b[i]/float64(len(a))
	}
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb+1e-12)
}
