package division

import (
	"slices"
	"testing"
)

func TestDestination(t *testing.T) {
	for _, c := range []struct {
		text      string
		corrected bool
		province  string
		said      string
	}{
		{"从广州寄到杭州要多少运费", false, "浙江省", "杭州"},
		{"广州发货的话到新疆多少钱", false, "新疆维吾尔自治区", "新疆"},
		{"寄到杭州，从广州发", false, "浙江省", "杭州"},
		{"发北京，哦不发上海", true, "上海市", "上海"},
		{"我在喀什，包邮吗", false, "新疆维吾尔自治区", "喀什"},
		{"延边能送到吗", false, "吉林省", "延边"},
		{"寄大理多少钱", false, "云南省", "大理"},
		{"大理石的桌子多少钱", false, "", ""},
		{"海口市包邮吗", false, "海南省", "海口市"},
		{"海南包邮吗", false, "海南省", "海南"},
		{"送到义乌", false, "浙江省", "义乌"},
		{"余杭区运费", false, "浙江省", "余杭区"},
		{"东方不亮西方亮", false, "", ""},
		{"从广州发货吗", false, "", ""},
		{"南京东路的店", false, "", ""},
		{"寄到吉林长春", false, "吉林省", "吉林"},
		{"多少钱", false, "", ""},
	} {
		for range 5 { // a map runs in another order every time
			p, ok := Destination(c.text, c.corrected)
			if p.Province != c.province || p.Said != c.said || ok != (c.said != "") {
				t.Errorf("%s: %+v, want %s by %s", c.text, p, c.province, c.said)
				break
			}
		}
	}
}

func TestFindInOrder(t *testing.T) {
	var said []string
	for _, p := range Find("我从拉萨回成都，再到重庆和乌鲁木齐") {
		said = append(said, p.Said)
	}
	if want := []string{"拉萨", "成都", "重庆", "乌鲁木齐"}; !slices.Equal(said, want) {
		t.Errorf("found %v, want %v", said, want)
	}
}

// The names that prove a place in what is said are those of the table.
func TestNames(t *testing.T) {
	names := slices.Collect(Names())
	for _, n := range []string{"北京", "内蒙古", "杭州", "延边", "西双版纳"} {
		if !slices.Contains(names, n) {
			t.Errorf("%s is not among %d names", n, len(names))
		}
	}
	for _, n := range []string{"日照", "杭州市", "浙江省", "余杭区"} {
		if slices.Contains(names, n) {
			t.Errorf("%s is", n)
		}
	}
}
