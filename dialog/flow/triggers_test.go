package flow

import (
	"context"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/shop/demo"
)

// When a person is called: by whom, in which turn of what was said, and why.
func TestAPersonIsCalled(t *testing.T) {
	for name, c := range map[string]struct {
		user  string
		said  []string
		turn  int // counted from 1; 0 for never
		why   string
		first string // what the reply must hold that calls the person
	}{
		"asked for":                     {"c05", []string{"转人工"}, 1, dialog.ReasonAsked, ""},
		"not asked for":                 {"c05", []string{"先不用转人工", "不要给我找客服，你说就行"}, 0, "", ""},
		"too late, again and again":     {"c43", []string{"短款羽绒服要退货，不喜欢", "我就要退货，短款羽绒服", "短款羽绒服给我退货"}, 3, dialog.ReasonRefusedAgain, "做不了主"},
		"a fault that hurts":            {"c05", []string{"双肩包的拉链把我孩子的手划破手流血了"}, 1, "hurt", "不要再用"},
		"a fault that hurts, in a wait": {"c05", []string{"取消双肩包的订单", "等等，你们那个充电宝冒烟了"}, 2, "hurt", "不要再用"},
		"a swallowed part":              {"c05", []string{"孩子误吞了你们玩具上的小珠子"}, 1, "hurt", "就医"},
		"no will to live":               {"c05", []string{"取消双肩包的订单", "算了，我不想活了"}, 2, "harm themselves", "12356"},
		"only laughing":                 {"c05", []string{"笑死我了哈哈"}, 0, "", ""},
		"digits":                        {"c05", []string{"123", "13800000030"}, 0, "", ""},
		"the law":                       {"c05", []string{"取消双肩包的订单", "你们等着收律师函吧，法院见"}, 2, "legal words", ""},
		"insulted twice":                {"c05", []string{"你个傻逼", "滚蛋吧你这个废物"}, 2, dialog.ReasonAngry, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := demo.Open(demo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			say := desk(t, s, c.user)
			for i, said := range c.said {
				r := say(said)
				if (r.HandOff != nil) != (i+1 == c.turn) {
					t.Fatalf("turn %d: %q, hand-off %+v", i+1, r.Text(), r.HandOff)
				}
				if h := r.HandOff; h != nil && (!strings.Contains(h.Reason, c.why) || !strings.Contains(r.Text(), c.first)) {
					t.Errorf("turn %d: %q because %q", i+1, r.Text(), h.Reason)
				}
			}
		})
	}
}

// A VIP hears no policy's no, where the shop wants people for them.
func TestAVIPIsNotRefusedByAMachine(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	v := &important{Shop: s}
	say := desk(t, v, "c43")
	if r := say("短款羽绒服要退货，不喜欢"); r.HandOff == nil || r.HandOff.Reason != dialog.ReasonRefusedVIP {
		t.Errorf("%q, %+v", r.Text(), r.HandOff)
	}
}

// important is a shop in which everybody is a VIP.
type important struct{ shop.Shop }

func (s *important) Customer(ctx context.Context, id string) (shop.Customer, error) {
	c, err := s.Shop.Customer(ctx, id)
	c.VIP = true
	return c, err
}

// vague understands every turn as small talk.
type vague struct{}

func (vague) Understand(text string, _ ...string) nlu.Understanding {
	return nlu.Understanding{Text: text, Clauses: []nlu.Clause{{Text: text, Intent: nlu.Chat, Score: 0.9}}}
}

// Who asks for a person in a way that is not understood has one the second time,
// a VIP the first; who does not want one has none.
func TestADemandThatIsNotUnderstood(t *testing.T) {
	for name, c := range map[string]struct {
		vip  bool
		said []string
		turn int
	}{
		"twice":   {false, []string{"你们有没有活人", "今天天气", "给我叫个活人来"}, 3},
		"a VIP":   {true, []string{"你们有没有活人"}, 1},
		"no wish": {true, []string{"不用叫客服", "别转人工啊", "不要找你们经理"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := demo.Open(demo.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var s shop.Shop = d
			if c.vip {
				s = &important{Shop: d}
			}
			engine, err := Open(t.Context(), dialog.Options{Shop: s, Understander: vague{}})
			if err != nil {
				t.Fatal(err)
			}
			talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
			id, _, err := talk.Start(t.Context(), dialog.Opening{User: "c05"})
			if err != nil {
				t.Fatal(err)
			}
			for i, said := range c.said {
				r, err := talk.Next(t.Context(), id, dialog.Turn{Text: said})
				if err != nil || (r.HandOff != nil) != (i+1 == c.turn) {
					t.Errorf("turn %d: %q, %+v, %v", i+1, r.Text(), r.HandOff, err)
				}
			}
		})
	}
}
