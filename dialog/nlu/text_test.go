package nlu

import (
	"reflect"
	"testing"
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
		"改成杭州市西湖区文三路199号3单元201室":  {{Address, "杭州市西湖区文三路199号3单元201室", "杭州市西湖区文三路199号3单元201室"}},
		"我的快递到哪了":                 nil,
		"税号是91330106ma2abcde1x谢谢": {{TaxID, "91330106ma2abcde1x", "91330106MA2ABCDE1X"}},
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
		"杭州市西湖区文三路199号":       {"", "杭州市", "西湖区", "文三路199号"},
		"上海市徐汇区漕溪北路88号":       {"上海市", "上海市", "徐汇区", "漕溪北路88号"},
		"北京朝阳区望京西路12号院":       {"北京市", "北京市", "朝阳区", "望京西路12号院"},
		"文二路88号":              {"", "", "", "文二路88号"},
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
