package guard

import (
	"slices"
	"testing"
	"time"
)

// now is a Friday afternoon in China.
var now = time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("CST", 8*3600))

// catalogue is what the shop of these tests sells.
var catalogue = NewNames(slices.Values([]string{"花瓶", "青瓷花瓶", "保温杯", "伞"}))

func texts(claims []Claim) []string {
	var out []string
	for _, c := range claims {
		out = append(out, c.Text)
	}
	return out
}

func TestCheck(t *testing.T) {
	const due = "2026-11-21T15:00:00+08:00"
	for _, c := range []struct {
		name, sentence string
		facts, want    []string
	}{
		{"nothing claimed", "请问有什么可以帮您？", nil, nil},
		{"amount from the record", "一共128元。", []string{"128元"}, nil},
		{"another amount", "一共129元。", []string{"128元"}, []string{"129"}},
		{"amount without needless zeros", "一共12.50元。", []string{"12.5元"}, nil},
		{"amount in characters", "一共一百二十八元。", []string{"128元"}, nil},
		{"wrong amount in characters", "一共一百二十元。", []string{"128元"}, []string{"一百二十"}},
		{"relative date and hour", "预计明天下午3点送到。", []string{due}, nil},
		{"wrong day", "预计后天下午3点送到。", []string{due}, []string{"后天"}},
		{"wrong hour", "预计明天下午4点送到。", []string{due}, []string{"下午4点"}},
		{"morning is not afternoon", "预计明天上午3点送到。", []string{due}, []string{"上午3点"}},
		{"calendar date", "11月21日送到。", []string{due}, nil},
		{"another zone", "明天下午3点送到。", []string{"2026-11-21T07:00:00Z"}, nil},
		{"midnight", "凌晨12点送到。", []string{"2026-11-21T00:00:00+08:00"}, nil},
		{"end of a code", "单号尾号4326。", []string{"2679864326"}, nil},
		{"a code in characters for the ear", "单号尾号四三二六。", []string{"2679864326"}, nil},
		{"a code in groups", "取件码是六，四五幺零。", []string{"64510"}, nil},
		{"end of another code", "单号尾号4327。", []string{"2679864326"}, []string{"4327"}},
		{"three digits name no code", "尾号326。", []string{"2679864326"}, []string{"326"}},
		{"promise in the policy", "24小时内回复您。", []string{"24小时内"}, nil},
		{"promise in no policy", "我们保证赔偿。", []string{"24小时内"}, []string{"保证", "赔偿"}},
		{"promise with another number", "12小时内回复您。", []string{"24小时内"}, []string{"12"}},
		{"free shipping must be written", "这个包邮。", []string{"满49元包邮"}, nil},
		{"words with numerals are no claims", "一下就好，万一不行再说。", nil, nil},
		{"range from the policy", "1到3个工作日到账。", []string{"1到3个工作日"}, nil},
		{"no facts at all", "您有3个订单。", nil, []string{"3"}},
		{"a number inside another", "28元。", []string{"128元"}, []string{"28"}},
		{"days are no yuan", "一共7元。", []string{"7天"}, []string{"7"}},
		{"a count without a unit proves days", "7天内退货。", []string{"7", "7天内退货"}, nil},
		{"a spelled amount left short", "一百二十元，也就是一百二。", []string{"120元"}, nil},
		{"one hundred and two is said with zero", "一百零二元。", []string{"102元"}, nil},
		{"an amount left short is not the other", "一百二。", []string{"102元"}, []string{"一百二"}},
		{"yuan and jiao", "十二块五。", []string{"12.5元"}, nil},
		{"other yuan and jiao", "12块6。", []string{"12.5元"}, []string{"12块6。"}},
		{"ten thousands", "1.2万元。", []string{"12000元"}, nil},
		{"full-width digits", "一共１２９元。", []string{"128元"}, []string{"129"}},
		{"digits with nothing between them", "一共12​9元。", []string{"128元"}, []string{"129"}},
		{"one character with a unit", "退您五元。", nil, []string{"五元"}},
		{"one character with the unit of the fact", "三天左右。", []string{"3天"}, nil},
		{"who asks which two says no number", "请问您想比较哪两件商品？", nil, nil},
		{"two pieces", "送两件。", nil, []string{"两件"}},
		{"a percentage in figures and in words", "百分之八十。", []string{"80%"}, nil},
		{"a discount is what is paid", "打八折。", []string{"80%"}, nil},
		{"a finer discount", "八五折，就是8.5折，85折。", []string{"85%"}, nil},
		{"a discount nobody gives", "给您打七折。", []string{"八折"}, []string{"七折"}},
		{"half price", "半价。", []string{"五折"}, nil},
		{"half price nobody gives", "半价给您。", nil, []string{"半价"}},
		{"a fraction", "三分之一。", []string{"1/2"}, []string{"三分之一"}},
		{"a phone number", "电话13800000001。", []string{"13800000001"}, nil},
		{"a phone number in groups", "电话138 0000 0001。", []string{"+86 13800000001"}, nil},
		{"another phone number", "电话13800000002。", []string{"13800000001"}, []string{"13800000002"}},
		{"a hotline", "请打400-810-1234。", nil, []string{"400-810-1234"}},
		{"an order that was sent", "您的订单已发货。", []string{"shipped"}, nil},
		{"an order that was not sent", "您的订单已发货。", []string{"paid"}, []string{"已发货"}},
		{"not sent yet", "您的订单还没有发货。", []string{"paid"}, nil},
		{"signed for", "包裹已经签收了。", []string{"delivering"}, []string{"已经签收"}},
		{"a question asserts nothing", "您签收了吗？", nil, nil},
		{"a rule asserts nothing", "签收后可以申请。", nil, nil},
		{"a refund that is not done", "已经退款给您。", []string{"open"}, []string{"已经退款"}},
		{"a courier", "是顺丰送的。", []string{"圆通"}, []string{"顺丰"}},
		{"a city", "包裹到了广州。", []string{"广州市天河区"}, nil},
		{"another city", "包裹到了杭州。", []string{"广州市天河区"}, []string{"杭州"}},
		{"another street", "送到文三路。", []string{"漕溪北路88号"}, []string{"文三路"}},
		{"a road is no street", "您的包裹还在路上，超市也可以取。", []string{"shipped"}, nil},
		{"a product of the record", "花瓶还有货。", []string{"青瓷花瓶"}, nil},
		{"a product of the catalogue, not of the record", "也可以看看保温杯。", []string{"花瓶"}, []string{"保温杯"}},
		{"the longest name counts", "青瓷花瓶很好。", []string{"花瓶"}, []string{"青瓷花瓶"}},
		{"a name in quotes", "推荐「月光壶」。", []string{"花瓶"}, []string{"月光壶"}},
		{"no promise is made", "这个不能保证，也不一定。", nil, nil},
		{"a promise in English", "We Guarantee it.", nil, []string{"guarantee"}},
		{"the day of the week", "周六送到。", []string{due}, nil},
		{"another day of the week", "周日送到。", []string{due}, []string{"周日"}},
		{"an afternoon in characters", "下午三点送到。", []string{due}, nil},
		{"another afternoon in characters", "下午四点送到。", []string{due}, []string{"下午四点"}},
		{"half past", "下午3点半送到。", []string{due}, []string{"下午3点半"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(Guard{Names: catalogue}.Check(c.sentence, c.facts, now)); !slices.Equal(got, c.want) {
				t.Errorf("%s with %v: unproven %v, want %v", c.sentence, c.facts, got, c.want)
			}
		})
	}
}

// FuzzCheck: a sentence that stands in the facts word for word is proven, and
// nothing brings the guard down.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"", "一共128元", "明天下午3点", "尾号四三二六", "保证24小时内", "1,234.50", "99点", "13月99日", "十百千万", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g := Guard{Names: catalogue}
		g.Check(s, nil, now)
		if got := g.Check(s, []string{s}, now); len(got) > 0 {
			t.Errorf("%q does not prove itself: %v", s, got)
		}
	})
}
