package voice

import (
	"strings"
	"testing"
	"time"

	"waggle/asr"
	"waggle/dialog"
)

// The robot says its four seconds of characters from about 0.4 s on: greeting
// 您好, then at once the long reply would need a turn, so the greeting is long.
func interrupted(t *testing.T, check func(*testing.T, *call, Outcome), callers ...says) {
	t.Helper()
	simulate(t, func(c *call) {
		c.leg = newLeg(callers...)
		c.brain.greeting = reply(long)
	}, check)
}

func TestSpeechStopsTheRobotWithin200ms(t *testing.T) {
	interrupted(t, func(t *testing.T, c *call, out Outcome) {
		if !c.leg.silentFrom(1500*milli+200*milli, 1500*milli+1200*milli) {
			t.Error("the robot still speaks 200 ms after the caller began")
		}
		if got := c.brain.said(); got != "我要退货" {
			t.Errorf("turns %q", got)
		}
		if len(c.brain.heard) != 1 {
			t.Fatalf("heard %q", c.brain.heard)
		}
		// From 60 ms to about 1.66 s: eight characters.
		if n := len([]rune(c.brain.heard[0])); n < 7 || n > 8 {
			t.Errorf("%q was heard of the greeting", c.brain.heard[0])
		}
		// Of the character that was cut more than half may have sounded.
		got := strings.TrimSuffix(c.leg.text(), "再见")
		if extra := len([]rune(got)) - len([]rune(c.brain.heard[0])); !strings.HasPrefix(got, c.brain.heard[0]) || extra > 1 {
			t.Errorf("the caller heard %q, reported was %q", got, c.brain.heard[0])
		}
	}, says{1500 * milli, "我要退货", 1200 * milli})
}

func TestFalseAlarmsGoOnWithTheWordThatWasCut(t *testing.T) {
	for _, c := range []struct {
		name string
		says says
	}{
		{"a cough", says{1500 * milli, "", 150 * milli}},
		{"a longer noise", says{1500 * milli, "", 700 * milli}},
		{"a hum", says{1500 * milli, "嗯", 200 * milli}},
		{"a nod", says{1500 * milli, "对对对", 600 * milli}},
		{"mumbling", says{1500 * milli, "~电视里有人说话", 2 * second}},
	} {
		t.Run(c.name, func(t *testing.T) {
			interrupted(t, func(t *testing.T, x *call, out Outcome) {
				if got, ok := strings.CutSuffix(x.leg.text(), "再见"); !ok || !repeatsOnce(got, long) {
					t.Errorf("the caller heard %q", got)
				}
				if got := x.brain.said(); got != "silence" || len(x.brain.heard) != 0 {
					t.Errorf("turns %q, interrupted %q", got, x.brain.heard)
				}
			}, c.says)
		})
	}
}

// repeatsOnce reports whether got is text with one or two characters said twice.
func repeatsOnce(got, text string) bool {
	g, w := []rune(got), []rune(text)
	at := 0
	for at < min(len(g), len(w)) && g[at] == w[at] {
		at++
	}
	again := len(g) - len(w)
	return again >= 0 && again <= 2 && at >= again && string(g[at:]) == string(w[at-again:])
}

func TestAShortCommandIsObeyed(t *testing.T) {
	interrupted(t, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "停" {
			t.Errorf("turns %q", got)
		}
	}, says{1500 * milli, "停", 300 * milli})
}

func TestYesIsAnAnswerWhenAskedFor(t *testing.T) {
	for _, c := range []struct {
		kind dialog.ExpectKind
		want string
	}{{dialog.ExpectYesNo, "对"}, {dialog.ExpectOpen, "silence"}} {
		simulate(t, func(x *call) {
			x.leg = newLeg(says{1500 * milli, "对", 500 * milli})
			x.brain.greeting = reply(long)
			x.brain.greeting.Expect.Kind = c.kind
		}, func(t *testing.T, x *call, out Outcome) {
			if got := x.brain.said(); got != c.want {
				t.Errorf("expecting %q: turns %q, want %q", c.kind, got, c.want)
			}
			if x.ear.hints[0].Kind != asr.HintKind(c.kind) {
				t.Errorf("the ear expected %q", x.ear.hints[0].Kind)
			}
		})
	}
}

func TestTheAnnouncementIsSaidToItsEnd(t *testing.T) {
	const disclosure = "这里是小店我是AI客服"
	simulate(t, func(c *call) {
		c.leg = newLeg(says{500 * milli, "到哪了", second})
		c.brain.greeting = announced(disclosure, "请问有什么可以帮您")
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.leg.text(); got != disclosure+"再见" {
			t.Errorf("the caller heard %q", got)
		}
		if len(c.brain.heard) != 1 || c.brain.heard[0] != disclosure {
			t.Errorf("reported as heard: %q", c.brain.heard)
		}
		if len(out.Latency) != 0 {
			t.Error("an answer that waits for the announcement is no measure of speed")
		}
	})
}

func TestAKeyInterrupts(t *testing.T) {
	simulate(t, func(c *call) {
		c.brain.greeting = reply(long)
		time.AfterFunc(1500*milli, func() { c.leg.keys <- '1' })
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "1" || len(c.brain.heard) != 1 {
			t.Errorf("turns %q, heard %q", got, c.brain.heard)
		}
		if !c.leg.silentFrom(1540*milli, 3*second) {
			t.Error("the robot went on speaking")
		}
	})
}

func TestAnAnswerWaitsForACallerWhoGoesOn(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "我的快递", second}, says{3600 * milli, "到哪了", second})
		c.brain.answer = script(reply("哪一个快递"), reply("到杭州了"))
		c.brain.delay = 400 * milli
		c.leg.hangUp = 8 * second
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "我的快递 到哪了" {
			t.Errorf("turns %q", got)
		}
		if got := c.leg.text(); got != "您好到杭州了" {
			t.Errorf("the caller heard %q: the first answer must not be said into his speech", got)
		}
		if len(c.brain.heard) != 1 || c.brain.heard[0] != "" {
			t.Errorf("of the first answer was heard %q", c.brain.heard)
		}
	})
}

func TestHangingUpNotesWhatWasHeard(t *testing.T) {
	interrupted2 := func(c *call) {
		c.brain.greeting = reply(long)
		c.leg.hangUp = 2 * second
	}
	simulate(t, interrupted2, func(t *testing.T, c *call, out Outcome) {
		if len(c.brain.heard) != 1 || len([]rune(c.brain.heard[0])) < 8 || len([]rune(c.brain.heard[0])) > 10 {
			t.Errorf("heard %q", c.brain.heard)
		}
	})
}

func TestBackchannels(t *testing.T) {
	for _, c := range []struct {
		text      string
		open, yes bool // is a backchannel in open talk, when a yes is asked for
	}{
		{"嗯", true, true}, {"嗯嗯，哦", true, true}, {"对", true, false}, {"好的", true, false}, {"嗯，对对", true, false},
		{"是的是的", true, false}, {"好的我知道了", false, false}, {"不要", false, false}, {"停", false, false},
		{"", false, false}, {"。", false, false}, {"喂", false, false},
	} {
		if got := Backchannel(c.text, dialog.ExpectOpen); got != c.open {
			t.Errorf("%q in open talk: %v", c.text, got)
		}
		if got := Backchannel(c.text, dialog.ExpectYesNo); got != c.yes {
			t.Errorf("%q to a yes-no question: %v", c.text, got)
		}
	}
}

func TestTheFloorByVoiceActivityAlone(t *testing.T) {
	type step struct {
		speech bool
		dur    time.Duration
	}
	for _, c := range []struct {
		name  string
		steps []step
		want  []Floor
	}{
		{"a click", []step{{true, 60 * milli}, {false, second}}, nil},
		{"a cough", []step{{true, 200 * milli}, {false, 500 * milli}}, []Floor{FloorGive, FloorClaim}},
		{"words", []step{{true, 600 * milli}, {false, 500 * milli}}, []Floor{FloorGive}},
		{"two coughs", []step{{true, 150 * milli}, {false, 300 * milli}, {true, 150 * milli}, {false, 300 * milli}}, []Floor{FloorGive, FloorClaim, FloorGive, FloorClaim}},
		{"a stutter of noise that is no utterance", []step{{true, 100 * milli}, {false, 100 * milli}, {true, 100 * milli}, {false, 100 * milli},
			{true, 100 * milli}, {false, 100 * milli}, {true, 100 * milli}, {false, 2 * second}}, []Floor{FloorGive, FloorClaim}},
	} {
		b := NewBargeIn(BargeInSettings{})
		var at time.Duration
		var got []Floor
		for _, s := range c.steps {
			for end := at + s.dur; at < end; {
				at += 20 * milli
				if f := b.Observe(asr.Activity{At: at, Speech: s.speech}); f != FloorKeep {
					got = append(got, f)
				}
				b.Observe(asr.Activity{At: at, Speech: s.speech}) // the same verdict again changes nothing
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}
