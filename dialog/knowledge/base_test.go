package knowledge

import (
	"testing"

	"waggle/shop/demo"
)

func base(t testing.TB) *Library {
	t.Helper()
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	articles, err := s.Articles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	l, err := Open(t.Context(), articles, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Questions in other words than those of the question base find the entry.
func TestRetrieve(t *testing.T) {
	b := base(t)
	for question, want := range map[string]string{
		"你们几点下班呀":        "hours",
		"满多少钱可以包邮":       "ship-fee",
		"寄到新疆要加钱吗":       "remote",
		"退货的邮费是谁来付":      "return-fee",
		"支不支持七天无理由":      "return-policy",
		"钱退到哪儿":          "refund-time",
		"东西是不是正品啊":       "genuine",
		"有没有优惠券可以领":      "coupon-how",
		"刚买完就降价了怎么办":     "price-protect",
		"能不能用花呗":         "pay-way",
		"付款的时候一直失败":      "pay-fail",
		"快递可以指定顺丰吗":      "courier",
		"两个订单能不能合并一起发":   "merge",
		"物流信息好几天没更新了":    "tracking-stale",
		"通话录音是干什么用的":     "privacy",
		"能开增值税专票吗":       "invoice-how",
		"可以批发吗，公司要采购一百个": "wholesale",
	} {
		hits := b.Retrieve(question, 3)
		if len(hits) == 0 || hits[0].Entry.ID != want {
			t.Errorf("%s: %+v, not %s", question, hits, want)
		}
	}
}

func TestCoverTellsWhatIsNotInTheBase(t *testing.T) {
	b := base(t)
	for _, question := range []string{"今天天气怎么样", "阿巴阿巴", "帮我订一张机票", "谁是美国总统"} {
		if hits := b.Retrieve(question, 1); len(hits) > 0 && hits[0].Cover >= 0.5 {
			t.Errorf("%s: %s covers %.2f", question, hits[0].Entry.ID, hits[0].Cover)
		}
	}
}

func TestEmpty(t *testing.T) {
	if hits := New(nil).Retrieve("包邮吗", 3); len(hits) != 0 {
		t.Errorf("%v out of nothing", hits)
	}
	if hits := base(t).Retrieve("", 3); len(hits) != 0 {
		t.Errorf("%v for no question", hits)
	}
}
