package nlu

import (
	"reflect"
	"testing"
	"time"
)

func TestNormalise(t *testing.T) {
	for in, want := range map[string]string{
		"ＡＢＣ１２３":            "abc123",
		"我的訂單什麼時候發貨?":       "我的订单什么时候发货？",
		"在吗在吗!!!!":          "在吗在吗！！",
		"我 的 快递":            "我的快递",
		"幺三八零零零零零零零幺":       "13800000001",
		"一三八 零零零零 零零零一":     "13800000001",
		"我要退或":              "我要退货",
		"查一下kuaidi":         "查一下快递",
		"😀你好":               "你好",
		"三百二十块":             "三百二十块",
		"\xff\xfe坏字节":       "坏字节",
		"号码是四三二六":           "号码是4326",
		"订单 2679864326 到了吗": "订单2679864326到了吗",
	} {
		if got := Normalise(in); got != want {
			t.Errorf("%q: %q, not %q", in, got, want)
		}
	}
}

func TestEntities(t *testing.T) {
	for text, want := range map[string][]Entity{
		"手机号13800000001":    {{Phone, "13800000001", "13800000001"}},
		"+8613800000001":    {{Phone, "13800000001", "13800000001"}},
		"订单2679864326":      {{Number, "2679864326", "2679864326"}},
		"单号sf1402938475610": {{Number, "sf1402938475610", "SF1402938475610"}},
		"尾号4326":            {{Tail, "4326", "4326"}},
		"身高175体重140斤":       {{Height, "175", "175"}, {Weight, "140", "70"}},
		"一米六五，一百一十斤":        {{Height, "1", "165"}, {Weight, "110", "55"}},
		"一米七八七十五公斤":         {{Height, "1", "178"}, {Weight, "75", "75"}},
		"我1米8重80公斤":         {{Height, "1", "180"}, {Weight, "80", "80"}},
		"要xl码的":             {{SizeOf, "xl", "XL"}},
		"42码有吗":             {{SizeOf, "42", "42"}},
		"一共128.5元":          {{Amount, "128.5", "128.5"}},
		"花了三百二十块":           {{Amount, "320", "320"}},
		"第二个":               {{Ordinal, "二", "2"}},
		"最后那个":              {{Ordinal, "后", "-1"}},
		"改成杭州市西湖区文三路199号3单元201室": {{Address, "杭州市西湖区文三路199号3单元201室", "杭州市西湖区文三路199号3单元201室"}},
		"我的快递到哪了":                nil,
		"身高165，110斤":             {{Height, "165", "165"}, {Weight, "110", "55"}},
		"165/52穿什么码":             {{Height, "165", "165"}, {Weight, "52", "52"}},
		"165 110斤":               {{Height, "165", "165"}, {Weight, "110", "55"}},
		"我1.72米":                 {{Height, "1", "172"}},
		"一百二十斤":                  {{Weight, "120", "60"}},
		"两百斤":                    {{Weight, "200", "100"}},
		"三十八码":                   {{SizeOf, "38", "38"}},
		"37.5码的":                 {{SizeOf, "37.5", "37.5"}},
		"预算三百":                   {{Amount, "300", "300"}},
		"两百以内的耳机":                {{Amount, "200", "200"}},
		"12块5":                   {{Amount, "12块5", "12.5"}},
		"¥128":                   {{Amount, "128", "128"}},
		"尾号1234，不对，是1243":        {{Tail, "1243", "1243"}},
		"不是1234，是1243":           {{Tail, "1243", "1243"}},
		"幺三八零零零零零零零幺，说错了，幺三八零零零零零零零二": {{Phone, "13800000002", "13800000002"}},
		"2679864326和2640580210都要退":    {{Number, "2679864326", "2679864326"}, {Number, "2640580210", "2640580210"}},
		"尾号1234还有尾号5678":              {{Tail, "1234", "1234"}, {Tail, "5678", "5678"}},
		"单号yt1234567890123":           {{Number, "yt1234567890123", "YT1234567890123"}},
		"发顺丰别发极兔":                     {{Carrier, "顺丰", "顺丰"}, {Carrier, "极兔", "极兔"}},
		"要黑色的":                        {{Colour, "黑色", "黑色"}},
		"把白的换成酒红色":                    {{Colour, "白", "白色"}, {Colour, "酒红色", "酒红色"}},
		"买三件":                         {{Count, "三", "3"}},
		"要两个":                         {{Count, "两", "2"}},
		"明天下午三点送":                     {{Day, "明天", "+1"}, {Clock, "下午三点", "15:00"}},
		"下周六晚上七点半":                    {{Day, "下周六", "nw6"}, {Clock, "晚上七点半", "19:30"}},
		"11月21日买的":                    {{Day, "11月21", "11-21"}},
		"二十号之前能到吗":                    {{Day, "20", "d20"}},
		"税号是91330106ma2abcde1x谢谢":     {{TaxID, "91330106ma2abcde1x", "91330106MA2ABCDE1X"}},
	} {
		if got := Entities(Normalise(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, not %+v", text, got, want)
		}
	}
}

func TestParseNumeral(t *testing.T) {
	for text, want := range map[string]int{
		"十五": 15, "二十": 20, "三百二十": 320, "一千零五": 1005, "一百三": 130, "两万三千": 23000, "一万": 10000, "二百零八": 208,
	} {
		if got, ok := ParseNumeral(text); !ok || got != want {
			t.Errorf("%s: %d %v, not %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "百万", "一二三", "很多"} {
		if n, ok := ParseNumeral(text); ok {
			t.Errorf("%q is no numeral, but was read as %d", text, n)
		}
	}
}

func TestParsePlace(t *testing.T) {
	for text, want := range map[string]Place{
		"浙江省杭州市西湖区文三路199号":    {"浙江省", "杭州市", "西湖区", "文三路199号"},
		"杭州市西湖区文三路199号":       {"浙江省", "杭州市", "西湖区", "文三路199号"},
		"上海市徐汇区漕溪北路88号":       {"上海市", "上海市", "徐汇区", "漕溪北路88号"},
		"北京朝阳区望京西路12号院":       {"北京市", "北京市", "朝阳区", "望京西路12号院"},
		"文二路88号":              {"", "", "", "文二路88号"},
		"西湖区文三路一百号三单元":        {"", "", "西湖区", "文三路100号3单元"},
		"天河区体育西路三号":           {"广东省", "广州市", "天河区", "体育西路3号"},
		"浙江杭州西湖文三路100号":       {"浙江省", "杭州市", "西湖区", "文三路100号"},
		"杭州市高新区江南大道1号":        {"浙江省", "杭州市", "高新区", "江南大道1号"},
		"广西壮族自治区南宁市青秀区民族大道1号": {"广西壮族自治区", "南宁市", "青秀区", "民族大道1号"},
	} {
		if got := ParsePlace(text); got != want {
			t.Errorf("%s: %+v, not %+v", text, got, want)
		}
	}
}

func TestFindAddress(t *testing.T) {
	for text, want := range map[string]string{
		"帮我把地址改成杭州市西湖区文三路199号吧": "杭州市西湖区文三路199号",
		"不是，是文二路88号":            "文二路88号",
		"我要改地址":                 "",
		"我的快递到哪条路上了":            "",
		"送到朝阳区望京西路12号院6号楼1103":  "朝阳区望京西路12号院6号楼1103",
	} {
		if got := FindAddress(Normalise(text)); got != want {
			t.Errorf("%s: %q, not %q", text, got, want)
		}
	}
}

func TestSound(t *testing.T) {
	if Sound("是") != Sound("四") {
		t.Errorf("flat and curled sibilants differ: %q %q", Sound("是"), Sound("四"))
	}
	if Sound("牛奶") != Sound("流来") {
		t.Errorf("n and l differ: %q %q", Sound("牛奶"), Sound("流来"))
	}
}

func TestMisplaced(t *testing.T) {
	if got := Misplaced("杭州天河区体育西路1号"); len(got) != 1 || got[0].City != "广州市" {
		t.Errorf("%+v", got)
	}
	if got := Misplaced("杭州市西湖区文三路1号"); got != nil {
		t.Errorf("%+v", got)
	}
}

func TestDate(t *testing.T) {
	today := time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) // a Saturday
	for value, want := range map[string]string{
		"+0": "2026-11-21", "+1": "2026-11-22", "-2": "2026-11-19", "w6": "2026-11-21", "w7": "2026-11-22", "nw1": "2026-11-23", "lw5": "2026-11-13",
		"11-20": "2027-11-20", "11-21": "2026-11-21", "d5": "2026-12-05", "d31": "2026-12-31", "2026-12-01": "2026-12-01",
	} {
		if got, ok := Date(value, today, false); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%s: %s %v, not %s", value, got, ok, want)
		}
	}
	for value, want := range map[string]string{"d5": "2026-11-05", "d30": "2026-10-30", "11-25": "2025-11-25"} {
		if got, ok := Date(value, today, true); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%s in the past: %s %v, not %s", value, got, ok, want)
		}
	}
	for _, value := range []string{"", "w9", "x", "d32", "13-01", "+", "02-30"} {
		if got, ok := Date(value, today, false); ok {
			t.Errorf("%q is %s", value, got)
		}
	}
}
