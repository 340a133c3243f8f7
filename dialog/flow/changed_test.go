package flow

import (
	"strings"
	"testing"
	"testing/fstest"

	"waggle/dialog"
	"waggle/shop"
	"waggle/shop/demo"
)

// hurryBefore is a merchant's procedure; its steps have no ids but those that
// are gone to.
const hurryBefore = `id: hurry
about: Press.
triggers: {intents: [hurry]}
requires: {order: [paid]}
slots:
  why: {words: 30, ask: 请问为什么催？}
steps:
  - ask: why
  - confirm: 我帮您的{plan.name}催{plan.who}，可以吗？
    does: press
  - id: press
    tool: hurry_order
    args: {order: "{order.id}"}
    on_fail: end
  - if: not empty(slot.why)
    say: 已经催了。
`

// changed versions of it, as a merchant may save them while somebody is on the
// line.
func changedHurry() map[string]string {
	return map[string]string{
		"steps before": strings.Replace(hurryBefore, "  - ask: why\n", "  - if: customer.vip\n    say: 您是我们的老朋友。\n  - say: 我看一下。\n  - ask: why\n", 1),
		"another question at the same place": strings.Replace(strings.Replace(hurryBefore, "  why:", "  who: {words: 30, ask: 请问贵姓？}\n  why:", 1),
			"  - ask: why\n", "  - ask: who\n  - if: empty(slot.who)\n    say: 好的。\n  - ask: why\n", 1),
		"the step is gone": strings.Replace(hurryBefore, `  - confirm: 我帮您的{plan.name}催{plan.who}，可以吗？
    does: press
  - id: press
    tool: hurry_order`, `  - confirm: 现在就去催{plan.name}的{plan.who}，可以吗？
    does: press-now
  - id: press-now
    tool: hurry_order`, 1),
		"the procedure is gone": strings.Replace(hurryBefore, "id: hurry", "id: press-it", 1),
	}
}

// A conversation that stands at a question goes on after a restart with a
// changed procedure: at that question, wherever it stands now, or from the
// beginning with a word about it. A yes to what was asked before never carries
// out what another version does.
func TestAProcedureChangedUnderAConversation(t *testing.T) {
	for name, c := range map[string]struct {
		question string // that is asked after the restart, where the old one is not
		notice   bool
		pressed  bool
	}{
		"steps before":                       {pressed: true},
		"another question at the same place": {pressed: true},
		"the step is gone":                   {question: "为什么", notice: true},
		"the procedure is gone":              {notice: true},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := demo.Open(demo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			log := dialog.NewMemoryLog()
			talk := over(t, s, log, hurryBefore)
			id, _, err := talk.Start(t.Context(), dialog.Opening{User: "c05"})
			if err != nil {
				t.Fatal(err)
			}
			say(t, talk, id, "双肩包催一下")
			if r := say(t, talk, id, "明天要出门"); !strings.Contains(r, "可以吗") {
				t.Fatalf("before: %q", r)
			}
			talk = over(t, s, log, changedHurry()[name]) // restarted with the folder as it is now
			r := say(t, talk, id, "可以")
			if strings.Contains(r, "办理步骤刚更新") != c.notice || !strings.Contains(r, c.question) {
				t.Errorf("afterwards: %q", r)
			}
			o, err := s.Order(t.Context(), backpack)
			if err != nil || o.Hurried.IsZero() == c.pressed {
				t.Errorf("pressed %v, %v", o.Hurried, err)
			}
		})
	}
}

// A procedure that asks for more now: who has passed the place is asked before
// anything is read back or done.
func TestAProcedureThatAsksForMoreNow(t *testing.T) {
	const before = `id: complaint
about: Listen.
triggers: {intents: [complaint]}
requires: {caller: true}
steps:
  - confirm: 我把您的投诉登记给主管，{plan.ticket_within}回复您，可以吗？
    does: register
  - id: register
    tool: open_ticket
    args: {kind: complaint, text: 投诉}
    on_fail: end
  - say: 登记好了。
`
	after := strings.NewReplacer("steps:\n", "slots:\n  story: {words: 99, ask: 请问是什么事？}\nsteps:\n  - ask: story\n", "text: 投诉", `text: "{slot.story}"`).Replace(before)
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := dialog.NewMemoryLog()
	talk := over(t, s, log, before)
	id, _, err := talk.Start(t.Context(), dialog.Opening{User: "c05"})
	if err != nil {
		t.Fatal(err)
	}
	if r := say(t, talk, id, "我要投诉你们"); !strings.Contains(r, "可以吗") {
		t.Fatalf("before: %q", r)
	}
	talk = over(t, s, log, after)
	if r := say(t, talk, id, "可以"); !strings.Contains(r, "什么事") {
		t.Errorf("the new question: %q", r)
	}
	if list, err := s.TicketsOf(t.Context(), "c05"); err != nil || len(list) != 0 {
		t.Errorf("tickets: %+v, %v", list, err)
	}
	if r := say(t, talk, id, "快递员把包摔坏了还骂人"); !strings.Contains(r, "可以吗") {
		t.Errorf("read back anew: %q", r)
	}
}

// over opens the conversations of a log with a merchant's procedure.
func over(t *testing.T, s shop.Shop, log dialog.Log, procedure string) *dialog.Conversations {
	t.Helper()
	engine, err := OpenOwn(t.Context(), dialog.Options{Shop: s}, fstest.MapFS{"own.yaml": {Data: []byte(procedure)}})
	if err != nil {
		t.Fatal(err)
	}
	return dialog.NewConversations(engine, log)
}

func say(t *testing.T, talk *dialog.Conversations, id, said string) string {
	t.Helper()
	r, err := talk.Next(t.Context(), id, dialog.Turn{Text: said})
	if err != nil {
		t.Fatal(err)
	}
	return r.Text()
}
