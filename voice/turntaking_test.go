package voice

import (
	"testing"
	"time"

	"waggle/dialog"
)

// asked is a reply that expects a number of so many digits.
func asked(text string, digits ...int) dialog.Reply {
	r := reply(text)
	r.Expect = dialog.Expect{Kind: dialog.ExpectDigits, Digits: digits}
	return r
}

func TestANumberIsWaitedForUntilItIsComplete(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect []int
		says   []says
		want   string
	}{
		{"two groups of a tail", []int{4}, []says{{2 * second, "56", 500 * milli}, {3500 * milli, "78", 500 * milli}}, "5678 silence"},
		{"a sentence that looks for its number", nil, []says{{2 * second, "我的订单号是", second}, {4200 * milli, "13800000001", 2 * second}}, "我的订单号是13800000001 silence"},
		{"a complete tail ends the turn", []int{4}, []says{{2 * second, "5678", 500 * milli}, {3500 * milli, "谢谢", 500 * milli}}, "5678 谢谢"},
	} {
		t.Run(c.name, func(t *testing.T) {
			simulate(t, func(x *call) {
				x.leg = newLeg(c.says...)
				x.brain.greeting = asked("后四位", c.expect...)
				x.brain.answer = script(reply("好"), goodbye("再见"))
			}, func(t *testing.T, x *call, out Outcome) {
				if got := x.brain.said(); got != c.want {
					t.Errorf("turns %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestACompleteAnswerIsAnsweredSooner(t *testing.T) {
	wait := func(text string, kind dialog.ExpectKind) (d time.Duration) {
		simulate(t, func(c *call) {
			c.leg = newLeg(says{2 * second, text, 800 * milli})
			c.leg.hangUp = 6 * second
			c.brain.greeting.Expect.Kind = kind
			c.brain.answer = script(reply("好"))
		}, func(t *testing.T, c *call, out Outcome) {
			if len(out.Timings) != 1 {
				t.Fatalf("%d answers", len(out.Timings))
			}
			w := out.Timings[0]
			if w.Total() != out.Latency[0] || w.Voice < 40*milli || w.Playout > 20*milli || w.Endpoint < 200*milli {
				t.Errorf("%+v of %v", w, out.Latency[0])
			}
			d = w.Endpoint
		})
		return d
	}
	soon, usual, long := wait("好的", dialog.ExpectYesNo), wait("这是什么呀", dialog.ExpectOpen), wait("我想退货因为", dialog.ExpectOpen)
	if soon > 300*milli || usual < 340*milli || usual > 420*milli || long < 600*milli {
		t.Errorf("endpoints after %v (complete), %v (undecided), %v (unfinished)", soon, usual, long)
	}
}

func TestOnHoldNobodyIsPromptedOrSpokenTo(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{10 * second, "音乐", 15 * second}, says{40 * second, "再见", second})
		c.brain.greeting = reply(long)
		c.leg.condition = func(at time.Duration) Condition {
			if at > 2*second && at < 30*second {
				return LineHeld
			}
			return LineOpen
		}
		c.brain.answer = script(reply("还在吗"))
	}, func(t *testing.T, c *call, out Outcome) {
		if !c.leg.silentFrom(2100*milli, 30*second) {
			t.Error("the robot spoke into a line on hold")
		}
		if got := c.brain.said(); got != "silence 再见" {
			t.Errorf("turns %q: music on hold is nobody's words, silence counts from its end", got)
		}
		if first := c.leg.firstSound(30 * second); first < 30*second || first > 30*second+100*milli {
			t.Errorf("the sentence went on at %v", first)
		}
	})
}

func TestALineThatMayBeDeadIsNotAsked(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg.hangUp = 60 * second
		c.leg.condition = func(at time.Duration) Condition {
			if at > 3*second && at < 20*second {
				return LineSilent
			}
			return LineOpen
		}
		c.brain.answer = script(reply("还在吗"), reply("还在吗"), reply("还在吗"), reply("还在吗"), reply("还在吗"), reply("还在吗"), reply("还在吗"))
	}, func(t *testing.T, c *call, out Outcome) {
		if !c.leg.silentFrom(3*second, 25*second) {
			t.Error("the robot asked into a line that says nothing")
		}
		if c.leg.silentFrom(25*second, 28*second) {
			t.Error("six seconds after the line came back the caller must be asked")
		}
	})
}

func TestThePaceOfTheVoiceStaysUntilTakenBack(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "慢一点", second}, says{6 * second, "到哪了", second}, says{10 * second, "说快点", second}, says{14 * second, "再见", second})
		slow, fast := reply("慢"), reply("快")
		slow.Ask, fast.Ask = dialog.AskSlower, dialog.AskFaster
		c.brain.answer = script(slow, reply("到了"), fast)
	}, func(t *testing.T, c *call, out Outcome) {
		want := []float32{0, 0.85, 0.85, 0, 0}
		if len(c.mouth.speeds) != len(want) {
			t.Fatalf("spoken at %v", c.mouth.speeds)
		}
		for i := range want {
			if c.mouth.speeds[i] != want[i] {
				t.Errorf("spoken at %v, want %v", c.mouth.speeds, want)
			}
		}
	})
}
