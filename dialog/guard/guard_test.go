package guard

import (
	"slices"
	"testing"
	"time"
)

// now is a Friday afternoon in China.
var now = time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("CST", 8*3600))

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
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Check(c.sentence, c.facts, now); !slices.Equal(got, c.want) {
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
		Check(s, nil, now)
		if got := Check(s, []string{s}, now); len(got) > 0 {
			t.Errorf("%q does not prove itself: %v", s, got)
		}
	})
}
