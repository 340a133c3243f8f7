package voice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/dialog"
)

// simDesk is a desk whose phone rings for a while and is then picked up, or
// not; refer is what a REFER comes to.
type simDesk struct {
	refer   func(context.Context) error
	ring    time.Duration
	fail    error
	person  []says        // said from the moment of picking up
	talks   time.Duration // then the person hangs up; zero: never
	line    *simLeg       // of the person, once picked up
	chars   *simLeg       // whose alphabet the announcement is in
	dialled int
	gaveUp  time.Duration // when ringing was called off, of the caller's time
}

func (d *simDesk) Refer(ctx context.Context, _ Leg) error {
	if d.refer == nil {
		return ErrNoRefer
	}
	return d.refer(ctx)
}

func (d *simDesk) Dial(ctx context.Context) (Leg, error) {
	d.dialled++
	select {
	case <-time.After(d.ring):
	case <-ctx.Done():
		d.gaveUp = d.chars.since()
		return nil, fmt.Errorf("not waited for: %w", ctx.Err())
	}
	if d.fail != nil {
		return nil, d.fail
	}
	d.line = newLeg(d.person...)
	d.line.hangUp = d.talks
	return d.line, nil
}

// told is what the person heard of the robot.
func (d *simDesk) told() string {
	d.line.chars = d.chars.chars
	return d.line.text()
}

// sounds reports when a leg first got a sound of this value; -1 for never.
func (l *simLeg) sounds(value int16) time.Duration {
	for _, h := range l.heard {
		if h.value == value {
			return h.at
		}
	}
	return -1
}

func states(list []dialog.Transfer) string {
	var out []string
	for _, x := range list {
		out = append(out, string(x.State))
	}
	return strings.Join(out, " ")
}

// wantsPerson is a call that is handed over to this desk after three seconds.
func wantsPerson(c *call, d *simDesk) {
	handed(c)
	before := c.brain.answer
	c.brain.answer = func(turn dialog.Turn) (dialog.Reply, error) {
		switch turn.Event {
		case dialog.EventOperatorLeft:
			return reply("都解决了吗"), nil
		case dialog.EventTransferFailed:
			return reply("没有接通"), nil
		case dialog.EventSilence:
			return reply("在吗"), nil
		}
		r, err := before(turn)
		if r.HandOff != nil {
			r.HandOff.Announcement = "来电张女士要退花瓶"
		}
		return r, err
	}
	d.chars, c.config.Exchange = c.leg, d
}

func TestThePersonHearsWhoIsComingAndThenTheCaller(t *testing.T) {
	desk := &simDesk{ring: 3 * second, person: []says{{8 * second, "我是小安", second}}, talks: 14 * second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.script = append(c.leg.script, says{18 * second, "我要退货", second})
		c.leg.words = append(c.leg.words, "我要退货")
		c.leg.hangUp = 28 * second
	}, func(t *testing.T, c *call, out Outcome) {
		if got := desk.told(); got != "来电张女士要退花瓶" {
			t.Errorf("the person was told %q", got)
		}
		if at := desk.line.sounds(callerTop + 1); at < 0 {
			t.Error("the person does not hear the caller")
		}
		if desk.line.sounds(callerTop) >= 0 {
			t.Error("the person hears what was said before")
		}
		if c.leg.sounds(callerTop) < 0 {
			t.Error("the caller does not hear the person")
		}
		if got := c.leg.text(); !strings.HasPrefix(got, "您好给您转人工人工客服已经接起") || !strings.HasSuffix(strings.Split(got, "在吗")[0], "都解决了吗") {
			t.Errorf("the caller heard %q", got)
		}
		if got := states(c.brain.transfers); got != "calling answered joined left" {
			t.Errorf("noted %q", got)
		}
		last := c.brain.transfers[3]
		if last.Way != dialog.TransferBridge || last.WaitMS < 4000 || last.WaitMS > 6500 || last.TalkMS < 10000 || last.TalkMS > 13000 {
			t.Errorf("noted %+v", last)
		}
		if got := c.brain.said(); !strings.HasPrefix(got, "转人工 operator.left") {
			t.Errorf("turns %q: what is said to a person is none", got)
		}
		if desk.line.cause == "" || out.Cause != CauseHangUp {
			t.Errorf("the person's line was closed as %q, the call as %q", desk.line.cause, out.Cause)
		}
	})
}

func TestACallerWhoHangsUpStopsTheRinging(t *testing.T) {
	desk := &simDesk{ring: time.Minute}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 10 * second
	}, func(t *testing.T, c *call, out Outcome) {
		if wait := desk.gaveUp - c.leg.hangUp; wait < 0 || wait > second {
			t.Errorf("the desk rang on for %v", wait)
		}
		if got := states(c.brain.transfers); got != "calling ended" || out.Cause != CauseHangUp {
			t.Errorf("noted %q, cause %q", got, out.Cause)
		}
	})
}

func TestACallerWhoHangsUpEndsTheTalk(t *testing.T) {
	desk := &simDesk{ring: second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 15 * second
	}, func(t *testing.T, c *call, out Outcome) {
		if desk.line.cause == "" {
			t.Error("the person is left on the line")
		}
		if got := states(c.brain.transfers); got != "calling answered joined ended" || c.brain.transfers[3].TalkMS == 0 {
			t.Errorf("noted %+v", c.brain.transfers)
		}
	})
}

func TestADeskThatDoesNotTakeTheCallerGivesHimBack(t *testing.T) {
	for want, fail := range map[dialog.TransferState]error{
		dialog.TransferBusy: ErrDeskBusy, dialog.TransferNoAnswer: ErrDeskNoAnswer, dialog.TransferFailed: errors.New("no route"),
	} {
		desk := &simDesk{ring: 2 * second, fail: fmt.Errorf("desk: %w", fail)}
		simulate(t, func(c *call) {
			wantsPerson(c, desk)
			c.leg.hangUp = 14 * second
		}, func(t *testing.T, c *call, _ Outcome) {
			if got := states(c.brain.transfers); got != "calling "+string(want) {
				t.Errorf("%v: noted %q", fail, got)
			}
			if got := c.leg.text(); !strings.HasPrefix(got, "您好给您转人工没有接通在吗") {
				t.Errorf("%v: the caller heard %q", fail, got)
			}
		})
	}
}

func TestAPersonWhoHangsUpBeforeTheCallerIsThrough(t *testing.T) {
	desk := &simDesk{ring: second, talks: second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 14 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := states(c.brain.transfers); got != "calling answered failed" {
			t.Errorf("noted %q", got)
		}
		if got := c.brain.said(); !strings.Contains(got, "transfer.failed") {
			t.Errorf("turns %q", got)
		}
	})
}

func TestALineThatTransfersTakesTheCaller(t *testing.T) {
	for name, hangsUp := range map[string]bool{"and leaves the hanging up to us": false, "and hangs up itself": true} {
		desk := &simDesk{}
		simulate(t, func(c *call) {
			wantsPerson(c, desk)
			desk.refer = func(ctx context.Context) error {
				time.Sleep(3 * second)
				if hangsUp {
					c.leg.mu.Lock()
					c.leg.hangUp = c.leg.since()
					c.leg.mu.Unlock()
				}
				return nil
			}
		}, func(t *testing.T, c *call, out Outcome) {
			if desk.dialled != 0 || out.Cause != CauseHandOff || c.brain.ended != "hand-off" || !out.HandedOff {
				t.Errorf("%s: dialled %d times, %+v, ended %q", name, desk.dialled, out, c.brain.ended)
			}
			if got := states(c.brain.transfers); !strings.HasPrefix(got, "calling") || strings.Contains(got, "ended") && !hangsUp {
				t.Errorf("%s: noted %q", name, got)
			}
		})
	}
}

func TestALineThatCouldNotTransferIsNotBridgedBesides(t *testing.T) {
	desk := &simDesk{refer: func(context.Context) error { return ErrDeskBusy }}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 12 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if desk.dialled != 0 || states(c.brain.transfers) != "calling busy" || c.brain.transfers[1].Way != dialog.TransferRefer {
			t.Errorf("dialled %d times, noted %+v", desk.dialled, c.brain.transfers)
		}
	})
}

func TestWhileTheDeskRingsTheCallerHearsWords(t *testing.T) {
	desk := &simDesk{ring: 25 * second, fail: ErrDeskNoAnswer}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 35 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := c.leg.text(); !strings.HasPrefix(got, "您好给您转人工"+connectTexts[0]+connectTexts[1]) {
			t.Errorf("the caller heard %q", got)
		}
	})
}

func TestAnOperatorWhoTakesTheConversationStopsTheRinging(t *testing.T) {
	desk := &simDesk{ring: time.Minute}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.leg.hangUp = 20 * second
		taken := &dialog.State{WithHuman: true, Handed: &dialog.Handed{Operator: "小安"}}
		time.AfterFunc(8*second, func() { c.brain.act(dialog.OperatorAct{By: "小安", Act: dialog.ActTake}, taken) })
	}, func(t *testing.T, c *call, _ Outcome) {
		if desk.gaveUp < 8*second || desk.gaveUp > 9*second {
			t.Errorf("ringing ended at %v", desk.gaveUp)
		}
		if got := states(c.brain.transfers); got != "calling recalled" {
			t.Errorf("noted %q", got)
		}
		if got := c.brain.said(); got != "转人工" {
			t.Errorf("turns %q: the operator has the caller", got)
		}
	})
}

func TestAnOperatorWhoWasFasterKeepsTheCaller(t *testing.T) {
	desk := &simDesk{ring: 2 * second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.brain.taken = dialog.ErrTaken
		c.leg.hangUp = 12 * second
	}, func(t *testing.T, c *call, _ Outcome) {
		if got := states(c.brain.transfers); got != "calling answered recalled" || desk.line.cause == "" {
			t.Errorf("noted %q, the person's line closed as %q", got, desk.line.cause)
		}
	})
}

func TestATalkWithAPersonIsNotCutByTheLimitOfACall(t *testing.T) {
	desk := &simDesk{ring: second, talks: 50 * second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		c.config.Limits.Duration = 20 * second
	}, func(t *testing.T, c *call, out Outcome) {
		if got := states(c.brain.transfers); got != "calling answered joined left" || out.Cause != CauseLimit {
			t.Errorf("noted %q, cause %q", got, out.Cause)
		}
	})
}

func TestAGatewayThatStopsTakesLeaveOfWhoTalksToAPerson(t *testing.T) {
	desk := &simDesk{ring: second}
	simulate(t, func(c *call) {
		wantsPerson(c, desk)
		closing := make(chan struct{})
		c.config.Closing = closing
		time.AfterFunc(15*second, func() { close(closing) })
	}, func(t *testing.T, c *call, out Outcome) {
		if got := c.leg.text(); out.Cause != CauseShutdown || !strings.HasSuffix(got, shutdownText) {
			t.Errorf("cause %q, the caller heard %q", out.Cause, got)
		}
		if desk.line.cause == "" {
			t.Error("the person is left on the line")
		}
	})
}

// keyed is a line that notes the keys it is told to press.
type keyed struct {
	*simLeg
	pressed []Digit
}

func (l *keyed) SendDigit(d Digit) error { l.pressed = append(l.pressed, d); return nil }

// keyedDesk picks up at once.
type keyedDesk struct {
	simDesk
	keys *keyed
}

func (d *keyedDesk) Dial(context.Context) (Leg, error) {
	d.keys = &keyed{simLeg: newLeg()}
	return d.keys, nil
}

func TestKeysGoToThePerson(t *testing.T) {
	desk := &keyedDesk{}
	simulate(t, func(c *call) {
		wantsPerson(c, &desk.simDesk)
		c.config.Exchange = desk
		c.leg.hangUp = 20 * second
		time.AfterFunc(15*second, func() { c.leg.keys <- '7' })
	}, func(t *testing.T, c *call, _ Outcome) {
		if !slices.Equal(desk.keys.pressed, []Digit{'7'}) || strings.Contains(c.brain.said(), "7") {
			t.Errorf("pressed %v, turns %q", desk.keys.pressed, c.brain.said())
		}
	})
}
