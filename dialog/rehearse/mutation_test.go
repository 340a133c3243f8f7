package rehearse_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
	"waggle/shop"
)

// A desk that does wrong must be caught; otherwise tasks that pass would mean
// nothing. Each case breaks one thing and names the rule that must notice.
func TestWrongDesksAreCaught(t *testing.T) {
	cancel := "user: c05\nmoves: [{say: 双肩包的订单取消}, {if: 吗, say: 好, yes: true}]\nchanged: {order 2667352095 state: cancelled}"
	for name, c := range map[string]struct {
		task string
		step dialog.Step
		want rehearse.Rule
	}{
		"a flow that does what it should":     {task: cancel, step: asksAndCancels("2667352095", "双肩包")},
		"a write without a question":          {task: cancel, step: cancels("2667352095"), want: rehearse.RuleConsent},
		"a read-back that names nothing":      {task: cancel, step: asksAndCancels("2667352095", "这一单"), want: rehearse.RuleReadBack},
		"the order of another customer":       {task: cancel, step: asksAndCancels("2608667617", "双肩包、茶壶"), want: rehearse.RuleIdentity},
		"a caller who has proven nothing":     {task: strings.Replace(cancel, "user: c05\n", "", 1), step: asksAndCancels("2667352095", "双肩包"), want: rehearse.RuleIdentity},
		"the phone number of another is read": {task: cancel, step: says("王芳的电话是幺三八 零零零零 零零零幺。"), want: rehearse.RulePrivacy},
	} {
		t.Run(name, func(t *testing.T) {
			r := playOne(t, c.task, rehearse.TaskOptions{Flows: []dialog.Flow{
				{Name: "mutant", Intents: []nlu.Intent{nlu.CancelOrder}, Steps: []dialog.Step{c.step}},
			}})
			broken := func(v rehearse.Violation) bool { return v.Rule == c.want }
			if c.want == "" && !r.Passed() || c.want != "" && !slices.ContainsFunc(r.Violations, broken) {
				t.Errorf("passed %v: %v\n%s", r.Passed(), r.Err(), strings.Join(r.Transcript, "\n"))
			}
		})
	}
}

// A change that nobody wanted is found wherever it was made.
func TestChangesElsewhereAreFound(t *testing.T) {
	meddle := func(s shop.Shop) shop.Shop { return meddler{s} }
	r := playOne(t, "user: c05\nmoves: [{say: 双肩包的订单取消}, {if: 吗, say: 好, yes: true}]\nchanged: {order 2667352095 state: cancelled}",
		rehearse.TaskOptions{Wrap: meddle, Flows: []dialog.Flow{
			{Name: "mutant", Intents: []nlu.Intent{nlu.CancelOrder}, Steps: []dialog.Step{asksAndCancels("2667352095", "双肩包")}},
		}})
	if r.State || !strings.Contains(r.Err().Error(), "order 2617587600 hurried") {
		t.Errorf("state right: %v, %v", r.State, r.Err())
	}
}

// What is told, never told, who takes over and what is in the records is held
// against the task.
func TestWrongTasksFail(t *testing.T) {
	for name, task := range map[string]string{
		"told":      "moves: [{say: 你好}]\ntold: [火星|木星]",
		"never":     "moves: [{say: 双肩包的订单取消}]\nnever: [双肩包]",
		"says":      "moves: [{say: 你好, says: [火星]}]",
		"not said":  "moves: [{say: 双肩包的订单取消, never: [双肩包]}]",
		"person":    "moves: [{say: 你好}]\nperson: true",
		"unchanged": "moves: [{say: 你好}]\nchanged: {order 2667352095 state: cancelled}",
		"another":   "moves: [{say: 双肩包的订单取消}, {if: 吗, say: 好, yes: true}]\nchanged: {order 2667352095 state: closed}",
		"unwanted":  "moves: [{say: 双肩包的订单取消}, {if: 吗, say: 好, yes: true}]",
	} {
		t.Run(name, func(t *testing.T) {
			r := playOne(t, "user: c05\n"+task, rehearse.TaskOptions{Flows: []dialog.Flow{
				{Name: "honest", Intents: []nlu.Intent{nlu.CancelOrder}, Steps: []dialog.Step{asksAndCancels("2667352095", "双肩包")}},
			}})
			if r.Passed() || len(r.Violations) > 0 {
				t.Errorf("passed %v with %v", r.Passed(), r.Violations)
			}
		})
	}
}

func TestMistakesInTasksAreFound(t *testing.T) {
	for name, raw := range map[string]string{
		"unknown key":    "name: x\nkind: k\nmoves: [{say: 你好, sais: [好]}]",
		"no name":        "kind: k\nmoves: [{say: 你好}]",
		"no kind":        "name: x\nmoves: [{say: 你好}]",
		"no moves":       "name: x\nkind: k",
		"an empty move":  "name: x\nkind: k\nmoves: [{yes: true}]",
		"bad condition":  "name: x\nkind: k\nmoves: [{if: (, say: 你好}]",
		"the same twice": "name: x\nkind: k\nmoves: [{say: 你好}]\n---\nname: x\nkind: k\nmoves: [{say: 你好}]",
	} {
		_, err := rehearse.LoadTasks(fstest.MapFS{"tasks-x.yaml": {Data: []byte(raw)}})
		if err == nil || !strings.Contains(err.Error(), "tasks-x.yaml") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// playOne plays a task on the flows of the options, understood by words alone.
func playOne(t *testing.T, task string, o rehearse.TaskOptions) rehearse.Result {
	t.Helper()
	tasks, err := rehearse.LoadTasks(fstest.MapFS{"tasks-x.yaml": {Data: []byte("name: x\nkind: test\n" + task)}})
	if err != nil {
		t.Fatal(err)
	}
	o.Understander, o.Now = byWords{}, func() time.Time { return opensAt }
	r, err := tasks[0].Play(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// byWords understands a cancellation and a yes.
type byWords struct{}

func (byWords) Understand(text string, _ ...string) nlu.Understanding {
	c := nlu.Clause{Text: text, Score: 1}
	switch {
	case strings.Contains(text, "取消"):
		c.Intent = nlu.CancelOrder
	case text == "好":
		c.Intent = nlu.Yes
	}
	return nlu.Understanding{Text: text, Clauses: []nlu.Clause{c}}
}

// meddler hurries one order more with each cancellation.
type meddler struct{ shop.Shop }

func (m meddler) Cancel(ctx context.Context, key shop.Key, order, reason string) (shop.Order, error) {
	if _, err := m.Hurry(ctx, key+"/too", "2617587600"); err != nil {
		return shop.Order{}, err
	}
	return m.Shop.Cancel(ctx, key, order, reason)
}

func cancels(order string) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		_, err := sc.Shop.Cancel(ctx, sc.Key("cancel"), order, "")
		sc.Say(dialog.FromFlow("mutant"), "好了。")
		return dialog.Finish, err
	}
}

func asksAndCancels(order, what string) dialog.Step {
	return asksAnd("取消"+what+"的订单，确认吗？", cancels(order))
}

// asksAnd asks a question and does the deed on any answer.
func asksAnd(question string, do dialog.Step) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Answering {
			return do(ctx, sc)
		}
		sc.Ask(dialog.Expect{}, dialog.FromFlow("mutant"), "%s", dialog.Text(question))
		return dialog.Wait, nil
	}
}

func says(sentence string) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.Say(dialog.FromFlow("mutant"), "%s", dialog.Text(sentence))
		return dialog.Finish, nil
	}
}

// The standard flows over ears that make a yes of hesitation: what a
// shopper who only hesitates gets is noticed.
func TestEarsThatHearYesAreCaught(t *testing.T) {
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	const task = "user: c20\nmoves: [{say: 毛衣不想要了，撤单}, {say: 等等我再想想}]"
	tasks, err := rehearse.LoadTasks(fstest.MapFS{"tasks-x.yaml": {Data: []byte("name: x\nkind: test\n" + task)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, deaf := range []bool{false, true} {
		var u dialog.Understander = understander
		if deaf {
			u = hearsYes{understander}
		}
		r, err := tasks[0].Play(t.Context(), rehearse.TaskOptions{Understander: u, Now: func() time.Time { return opensAt }})
		if err != nil {
			t.Fatal(err)
		}
		if r.State == deaf || (len(r.Violations) > 0) != deaf {
			t.Errorf("hears yes: %v; state right: %v, %v", deaf, r.State, r.Err())
		}
	}
}

// hearsYes takes hesitation for a yes.
type hearsYes struct{ dialog.Understander }

func (h hearsYes) Understand(text string, others ...string) nlu.Understanding {
	if strings.Contains(text, "再想想") {
		return h.Understander.Understand("确认")
	}
	return h.Understander.Understand(text, others...)
}
