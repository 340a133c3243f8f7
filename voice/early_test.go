package voice

import (
	"context"
	"testing"
	"time"

	"waggle/dialog"
)

// streaming is a brain that says the first sentences of a reply long before
// the reply is whole.
type streaming struct {
	*simBrain
	early []string
	think time.Duration
}

func (b *streaming) Stream(ctx context.Context, id string, t dialog.Turn, emit func(dialog.Sentence)) (dialog.Reply, error) {
	if t.Text == "慢慢想" {
		for _, s := range b.early {
			emit(dialog.Sentence{Text: s})
		}
		time.Sleep(b.think)
	}
	return b.Next(ctx, id, t)
}

func thinking(c *call, early ...string) {
	c.leg = newLeg(says{2 * second, "慢慢想", second})
	c.leg.hangUp = 30 * second
	c.brain.answer = script(reply("第一句话", "第二句话"))
	c.config.Limits.NoInput = time.Hour
	c.config.Brain = &streaming{simBrain: c.brain, early: early, think: 4 * second}
}

func TestTheFirstSentenceIsSpokenBeforeTheReplyIsWhole(t *testing.T) {
	simulate(t, func(c *call) { thinking(c, "第一句话") }, func(t *testing.T, c *call, out Outcome) {
		if got := c.leg.text(); got != "您好第一句话第二句话" {
			t.Errorf("the caller heard %q", got)
		}
		if len(out.Latency) != 1 || out.Latency[0] > 2*second {
			t.Errorf("latency %v, the reply took four seconds", out.Latency)
		}
	})
}

func TestAReplyThatWasStreamedWholeIsNotRepeated(t *testing.T) {
	simulate(t, func(c *call) { thinking(c, "第一句话", "第二句话") }, func(t *testing.T, c *call, _ Outcome) {
		if got := c.leg.text(); got != "您好第一句话第二句话" {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestWhatWasHeardOfAStreamedReplyIsKnown(t *testing.T) {
	simulate(t, func(c *call) {
		thinking(c, "第一句话")
		c.brain.answer = script(reply("第一句话", long))
		c.leg = newLeg(says{2 * second, "慢慢想", second}, says{8500 * milli, "等一下等一下", second})
		c.leg.hangUp = 30 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if len(c.brain.heard) != 1 || len(c.brain.heard[0]) <= len("第一句话") || c.brain.heard[0][:len("第一句话")] != "第一句话" {
			t.Errorf("heard %q; the caller heard %q", c.brain.heard, c.leg.text())
		}
	})
}
