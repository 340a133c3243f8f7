package rehearse

import (
	"testing"

	"waggle/dialog"
	"waggle/shop"
	"waggle/shop/demo"
)

// The demo shop would refuse too much money by itself; the rule does not rely
// on that.
func TestMoneyIsHeldAgainstThePolicy(t *testing.T) {
	o := shop.Order{ID: "1", Customer: "c", Total: shop.Yuan(400), Lines: []shop.Line{{Name: "碗", Price: shop.Yuan(400), Count: 1}}}
	before := &Snapshot{records: map[string]any{
		"order 1": o, "customer c": shop.Customer{ID: "c"},
		"refund r": shop.Refund{ID: "r", State: shop.RefundDone, RefundRequest: shop.RefundRequest{Order: "1", Amount: shop.Yuan(150)}},
	}}
	for name, c := range map[string]struct {
		kind   shop.RefundKind
		amount shop.Fen
		broken int
	}{
		"within both":       {shop.RefundOnly, shop.Yuan(250), 0},
		"above the limit":   {shop.RefundOnly, shop.Yuan(301), 2}, // and with the 150 above what was paid
		"more than is paid": {shop.RefundReturn, shop.Yuan(251), 1},
	} {
		j := &judge{before: before, policy: shop.Policy{RefundMax: shop.Yuan(300)}, who: "c", paid: map[string]shop.Fen{},
			heard: []string{plain("碗退" + c.amount.String() + "元，确认吗？")}}
		d := deed{Record: demo.Record{Kind: "refund", Order: "1", Refund: &shop.RefundRequest{Order: "1", Kind: c.kind, Amount: c.amount}}}
		got := j.turn(0, Move{Say: "好", Yes: true}, dialog.Reply{}, []deed{d})
		if len(got) != c.broken {
			t.Errorf("%s: %v", name, got)
		}
		for _, v := range got {
			if v.Rule != RuleLimit {
				t.Errorf("%s: %v", name, v)
			}
		}
	}
}

func TestSentencesNeedASource(t *testing.T) {
	j := &judge{before: &Snapshot{}}
	got := j.turn(0, Move{}, dialog.Reply{Sentences: []dialog.Sentence{{Text: "您好。"}}}, nil)
	if len(got) != 1 || got[0].Rule != RuleEvidence {
		t.Errorf("%v", got)
	}
	if got = j.turn(-1, Move{}, dialog.Reply{}, nil); len(got) != 1 || got[0].Rule != RuleDisclosure {
		t.Errorf("%v", got)
	}
}

// What the shopper said, or has as well, is no secret of another; digits count
// however they are written.
func TestDataOfOthersAreNoticed(t *testing.T) {
	for _, c := range []struct {
		who, said, reply string
		leaks            int
	}{
		{"", "", "您的电话是138 0000 0002。", 1},
		{"", "", "电话幺三八，零零零零，零零零二。", 1},
		{"b", "", "您的电话是13800000002。", 0},
		{"a", "我找13800000002", "13800000002不在您的名下。", 0},
		{"a", "", "收货人王芳。", 0},
		{"a", "", "收货人李强。", 1},
	} {
		j := &judge{before: &Snapshot{}, who: c.who, said: plain(c.said)}
		for _, s := range []secret{{"a", "王芳"}, {"b", "王芳"}, {"b", "李强"}, {"b", "13800000002"}} {
			j.keep(s.owner, s.text)
		}
		r := dialog.Reply{Sentences: []dialog.Sentence{{Text: c.reply, Sources: []dialog.Source{{Kind: "x"}}}}}
		if got := j.turn(0, Move{}, r, nil); len(got) != c.leaks {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
