package voice

import (
	"strings"
	"testing"
	"time"

	"waggle/dialog"
)

// handed is a call in which the caller asks for a person after two seconds.
func handed(c *call) {
	c.leg = newLeg(says{2 * second, "转人工", second})
	c.leg.hangUp = 100 * second
	c.brain.answer = func(turn dialog.Turn) (dialog.Reply, error) {
		if c.brain.state.WithHuman {
			return dialog.Reply{}, nil
		}
		c.brain.state.WithHuman, c.brain.state.Handed = true, &dialog.Handed{}
		r := reply("给您转人工")
		r.HandOff = &dialog.HandOff{Reason: "asked"}
		return r, nil
	}
}

// act plays what an operator does, as the log tells it.
func (b *simBrain) act(o dialog.OperatorAct, s *dialog.State) {
	if s != nil {
		b.state = *s
	}
	b.entries <- dialog.Entry{Operator: &o, State: s}
}

func TestWhoWaitsForAPersonHearsThatTheLineIsAlive(t *testing.T) {
	simulate(t, func(c *call) {
		handed(c)
		c.config.Limits.Hold = 20 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if n := strings.Count(c.leg.text(), holdText); n != 4 {
			t.Errorf("told %d times in about 95 seconds: %q", n, c.leg.text())
		}
	})
}

func TestAnOperatorIsReadOutAndTheRobotIsSilent(t *testing.T) {
	simulate(t, func(c *call) {
		handed(c)
		taken := &dialog.State{WithHuman: true, Handed: &dialog.Handed{Operator: "小安"}}
		time.AfterFunc(10*second, func() { c.brain.act(dialog.OperatorAct{By: "小安", Act: dialog.ActTake}, taken) })
		time.AfterFunc(15*second, func() {
			c.brain.act(dialog.OperatorAct{By: "小安", Act: dialog.ActSay, Text: "我是小安"}, nil)
		})
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := c.leg.text(); got != "您好给您转人工我是小安" {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestTakingStopsTheRobotInMidSentence(t *testing.T) {
	simulate(t, func(c *call) {
		c.leg.hangUp = 30 * second
		c.brain.greeting = reply(long)
		time.AfterFunc(second, func() {
			c.brain.act(dialog.OperatorAct{By: "小安", Act: dialog.ActTake}, &dialog.State{WithHuman: true, Handed: &dialog.Handed{Operator: "小安"}})
		})
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := c.leg.text(); got == "" || strings.Contains(got, long) {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestGivenBackTheRobotAsksAgain(t *testing.T) {
	simulate(t, func(c *call) {
		handed(c)
		c.leg.hangUp = 40 * second
		before := c.brain.answer
		c.brain.answer = func(turn dialog.Turn) (dialog.Reply, error) {
			if turn.Event == dialog.EventSilence {
				return reply("您还在吗"), nil
			}
			return before(turn)
		}
		time.AfterFunc(10*second, func() {
			c.brain.act(dialog.OperatorAct{By: "小安", Act: dialog.ActGiveBack}, &dialog.State{})
		})
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := c.leg.text(); !strings.HasPrefix(got, "您好给您转人工您还在吗") {
			t.Errorf("the caller heard %q", got)
		}
	})
}
