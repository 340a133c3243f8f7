package voice

import (
	"errors"
	"strings"
	"testing"
	"time"

	"waggle/dialog"
)

const (
	second = time.Second
	milli  = time.Millisecond
)

// long is a reply of four seconds.
const long = "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸"

// script answers turn after turn; after the last one it says goodbye.
func script(replies ...dialog.Reply) func(dialog.Turn) (dialog.Reply, error) {
	return func(dialog.Turn) (dialog.Reply, error) {
		if len(replies) == 0 {
			return goodbye("再见"), nil
		}
		r := replies[0]
		replies = replies[1:]
		return r, nil
	}
}

func TestAConversationFromGreetingToGoodbye(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "我的快递到哪了", 1500 * milli}, says{8 * second, "谢谢再见", second})
		c.brain.answer = script(reply("您的快递到杭州了。", "明天送到。"))
	}, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseNormal || out.Err != nil || out.Conversation != "c1" || out.Turns != 2 {
			t.Errorf("%+v", out)
		}
		if got := c.brain.said(); got != "我的快递到哪了 谢谢再见" {
			t.Errorf("the dialog was told %q", got)
		}
		if got := c.leg.text(); got != "您好您的快递到杭州了。明天送到。再见" {
			t.Errorf("the caller heard %q", got)
		}
		if sp := c.brain.turns[0].Speech; sp == nil || sp.Confidence != 0.9 || c.brain.turns[0].Channel != dialog.ChannelPhone {
			t.Errorf("turn %+v", c.brain.turns[0])
		}
		if c.brain.ended != "normal" || len(c.brain.heard) != 0 {
			t.Errorf("ended %q, interrupted %q", c.brain.ended, c.brain.heard)
		}
	})
}

func TestTheAnswerComesWithinTheTurnBudget(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "我的快递到哪了", 1500 * milli})
		c.leg.hangUp = 9 * second
		c.brain.answer = script(reply("到杭州了。"))
	}, func(t *testing.T, c *call, out Outcome) {
		heard := c.leg.firstSound(2*second) - 3500*milli
		if heard <= 0 || heard > 570*milli {
			t.Errorf("the caller waited %v", heard)
		}
		if len(out.Latency) != 1 || len(c.brain.latency) != 1 || out.Latency[0] != c.brain.latency[0] {
			t.Fatalf("latencies %v, noted %v", out.Latency, c.brain.latency)
		}
		if diff := (heard - out.Latency[0]).Abs(); diff > 20*milli {
			t.Errorf("measured %v, the caller waited %v", out.Latency[0], heard)
		}
		if out.Cause != CauseHangUp || c.brain.ended != "hang-up" {
			t.Errorf("cause %q, conversation ended %q", out.Cause, c.brain.ended)
		}
	})
}

func TestTheBreathBeforeAReplyIsLeftOut(t *testing.T) {
	simulate(t, func(c *call) {
		c.mouth.breath = 10 // 200 ms
		c.leg = newLeg(says{3 * second, "到哪了", second})
		c.leg.hangUp = 9 * second
		c.brain.answer = script(reply("到了", "明天"))
	}, func(t *testing.T, c *call, out Outcome) {
		first := c.leg.firstSound(3 * second)
		if first > 4650*milli {
			t.Errorf("the reply sounds at %v, as late as with the breath", first)
		}
		if c.leg.silentFrom(first, first+700*milli) || !c.leg.silentFrom(first+440*milli, first+580*milli) {
			t.Error("the breath between two sentences must stay")
		}
	})
}

func TestSilenceIsPromptedAndThenTheCallEnds(t *testing.T) {
	simulate(t, func(c *call) {
		c.brain.answer = script(reply("您还在吗"), reply("听得到吗"))
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "silence silence silence" {
			t.Errorf("turns %q", got)
		}
		if out.Cause != CauseNormal {
			t.Errorf("cause %q", out.Cause)
		}
		if first := c.leg.firstSound(second); first < 6*second+400*milli || first > 6*second+700*milli {
			t.Errorf("the first prompt came at %v, six seconds after the greeting are due", first)
		}
	})
}

func TestWordsNotUnderstoodAreAskedForAgain(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "~呜噜呜噜", 900 * milli}, says{6 * second, "", 200 * milli}, says{8 * second, "再见", 600 * milli})
		c.brain.answer = script(reply("没听清"))
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "unclear 再见" {
			t.Errorf("turns %q: mumbling is unclear, a short noise is nothing", got)
		}
	})
}

func TestKeysBecomeATurn(t *testing.T) {
	for _, c := range []struct {
		name string
		keys string
		want string
	}{
		{"ended by #", "1234#", "1234"},
		{"ended by a pause", "42", "42"},
		{"a lone #", "#", "#"},
	} {
		simulate(t, func(x *call) {
			for _, k := range c.keys {
				x.leg.keys <- Digit(k)
			}
		}, func(t *testing.T, x *call, out Outcome) {
			if got := x.brain.said(); got != c.want {
				t.Errorf("%s: turns %q, want %q", c.name, got, c.want)
			}
		})
	}
}

func TestASlowAnswerIsBridged(t *testing.T) {
	for _, c := range []struct {
		delay time.Duration
		want  string
	}{
		{800 * milli, "您好" + "到了" + "再见"},
		{3 * second, "您好" + fillerText + "到了" + fillerText + "再见"},
	} {
		simulate(t, func(x *call) {
			x.leg = newLeg(says{2 * second, "到哪了", second}, says{15 * second, "再见", second})
			x.brain.delay = c.delay
			x.brain.answer = script(reply("到了"))
			x.config.Limits.NoInput = time.Minute
		}, func(t *testing.T, x *call, out Outcome) {
			if got := x.leg.text(); got != c.want {
				t.Errorf("answer after %v: the caller heard %q, want %q", c.delay, got, c.want)
			}
		})
	}
}

func TestWordsIntoTheGoodbyeDoNotHoldItUp(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "没事了", second}, says{5500 * milli, "好的好的谢谢", 1500 * milli})
		c.brain.delay = 3 * second // the filler is being said when the caller goes on
	}, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseNormal || out.Duration > 12*second || !strings.HasSuffix(c.leg.text(), "再见") {
			t.Errorf("cause %q after %v, the caller heard %q", out.Cause, out.Duration, c.leg.text())
		}
	})
}

func TestAFailingDialogApologisesAndGoesOn(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "到哪了", second}, says{8 * second, "再见", second})
		failed := false
		c.brain.answer = func(turn dialog.Turn) (dialog.Reply, error) {
			switch {
			case turn.Event == dialog.EventBroken:
				return reply("不好意思"), nil
			case !failed:
				failed = true
				return dialog.Reply{}, errors.New("database gone")
			}
			return goodbye("再见"), nil
		}
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.brain.said(); got != "到哪了 broken 再见" || out.Cause != CauseNormal {
			t.Errorf("turns %q, cause %q", got, out.Cause)
		}
	})
}

// Whatever part fails, the caller hears an apology and not silence.
func TestAFailedPartEndsTheCallWithAnApology(t *testing.T) {
	broken := errors.New("broken")
	for name, set := range map[string]func(*call){
		"dialog": func(c *call) {
			c.brain.answer = func(dialog.Turn) (dialog.Reply, error) { return dialog.Reply{}, broken }
		},
		"voice":       func(c *call) { c.mouth.err = broken },
		"ear":         func(c *call) { c.vad.fault = func(time.Duration) error { return broken } },
		"recognition": func(c *call) { c.ear.full = true },
		"line":        func(c *call) { c.leg.fail = broken },
		"panic in the ear": func(c *call) {
			c.vad.fault = func(at time.Duration) error {
				if at > second {
					panic("index out of range")
				}
				return nil
			}
		},
		"panic in the dialog": func(c *call) {
			c.brain.answer = func(dialog.Turn) (dialog.Reply, error) { panic("nil map") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			simulate(t, set, func(t *testing.T, c *call, out Outcome) {
				if out.Cause != CauseFailed || out.Err == nil {
					t.Errorf("%+v", out)
				}
				if strings.HasPrefix(name, "panic") != errors.Is(out.Err, ErrPanic) {
					t.Errorf("error %v", out.Err)
				}
				if got := c.leg.text(); !strings.HasSuffix(got, apologyText) {
					t.Errorf("the caller heard %q", got)
				}
				if out.Conversation != "" && c.brain.ended != "failed" {
					t.Errorf("the conversation ended as %q", c.brain.ended)
				}
			})
		})
	}
}

func TestALineWithoutMediaIsClosedAsSuch(t *testing.T) {
	simulate(t, func(c *call) { c.leg.fail = ErrNoMedia }, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseNoMedia || out.Err != nil {
			t.Errorf("%+v", out)
		}
	})
}

func TestAStoppingGatewaySaysGoodbye(t *testing.T) {
	simulate(t, func(c *call) {
		closing := make(chan struct{})
		time.AfterFunc(1500*milli, func() { close(closing) })
		c.config.Closing = closing
		c.brain.greeting = reply(long)
	}, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseShutdown || !strings.HasSuffix(c.leg.text(), shutdownText) {
			t.Errorf("cause %q, the caller heard %q", out.Cause, c.leg.text())
		}
		if len(c.brain.heard) != 1 || !strings.HasPrefix(long, c.brain.heard[0]) || c.brain.heard[0] == long {
			t.Errorf("heard of the greeting: %q", c.brain.heard)
		}
	})
}

func TestCallsHaveALongestTimeAndMostTurns(t *testing.T) {
	endless := func(dialog.Turn) (dialog.Reply, error) { return reply("嗯"), nil }
	for name, limits := range map[string]Limits{"time": {Duration: 30 * second}, "turns": {Turns: 3}} {
		simulate(t, func(c *call) {
			c.config.Limits = limits
			c.brain.answer = endless
		}, func(t *testing.T, c *call, out Outcome) {
			if out.Cause != CauseLimit || !strings.HasSuffix(c.leg.text(), limitText) {
				t.Errorf("%s: cause %q, the caller heard %q", name, out.Cause, c.leg.text())
			}
			if out.Duration > 45*second {
				t.Errorf("%s: the call lasted %v", name, out.Duration)
			}
		})
	}
}

func TestAReplyToAnotherChannelIsSpokenWhenTheFloorIsFree(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{3 * second, "我传了照片", 1500 * milli}, says{14 * second, "再见", second})
		c.brain.answer = script(reply("收到以后我看一下"))
		photo, verdict := dialog.Turn{PhotoID: "p1"}, reply("照片看到了")
		// It arrives while the caller is speaking.
		time.AfterFunc(3500*milli, func() {
			c.brain.entries <- dialog.Entry{Turn: &photo}
			c.brain.entries <- dialog.Entry{Reply: &verdict, State: &dialog.State{}}
		})
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.leg.text(); got != "您好收到以后我看一下照片看到了再见" {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestWithAHumanTheRobotIsSilent(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg = newLeg(says{2 * second, "转人工", second}, says{20 * second, "喂您好", second}, says{30 * second, "在吗", second})
		c.leg.hangUp = 60 * second
		c.config.Limits.Turns, c.config.Limits.Hold = 2, time.Hour
		c.brain.answer = func(turn dialog.Turn) (dialog.Reply, error) {
			if turn.Text != "转人工" {
				return dialog.Reply{}, nil // as the dialog does while a human speaks
			}
			c.brain.state.WithHuman = true
			r := reply("给您转人工")
			r.HandOff = &dialog.HandOff{Reason: "asked"}
			return r, nil
		}
	}, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseHangUp || !out.HandedOff {
			t.Errorf("%+v", out)
		}
		if got := c.brain.said(); got != "转人工 喂您好 在吗" {
			t.Errorf("turns %q: no prompts, and no limit, while a human has the call", got)
		}
		if got := c.leg.text(); got != "您好给您转人工" {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestAConversationClosedElsewhereEndsTheCall(t *testing.T) {
	simulate(t, func(c *call) {
		time.AfterFunc(3*second, func() { c.brain.entries <- dialog.Entry{Ended: "closed"} })
	}, func(t *testing.T, c *call, out Outcome) {
		if out.Cause != CauseNormal || out.Duration > 4*second {
			t.Errorf("%+v", out)
		}
	})
}

func TestASessionNeedsItsParts(t *testing.T) {
	if _, err := NewSession(Config{}); !errors.Is(err, ErrConfig) {
		t.Error(err)
	}
}
