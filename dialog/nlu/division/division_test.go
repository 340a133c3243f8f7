package division

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	for text, want := range map[string]Match{
		"浙江省杭州市西湖区文三路100号":    {Area: Area{"浙江省", "杭州市", "西湖区"}, Rest: "文三路100号"},
		"浙江杭州西湖文三路100号":       {Area: Area{"浙江省", "杭州市", "西湖区"}, Rest: "文三路100号"},
		"杭州市西湖区文三路":           {Area: Area{"浙江省", "杭州市", "西湖区"}, Rest: "文三路", Filled: true},
		"天河区体育西路1号":           {Area: Area{"广东省", "广州市", "天河区"}, Rest: "体育西路1号", Filled: true},
		"北京朝阳区望京西路12号院":       {Area: Area{"北京市", "北京市", "朝阳区"}, Rest: "望京西路12号院", Filled: false},
		"朝阳区望京西路12号院":         {Area: Area{"", "", "朝阳区"}, Rest: "望京西路12号院"},
		"吉林省长春市朝阳区人民大街1号":     {Area: Area{"吉林省", "长春市", "朝阳区"}, Rest: "人民大街1号"},
		"上海市上海市徐汇区漕溪北路88号":    {Area: Area{"上海市", "上海市", "徐汇区"}, Rest: "漕溪北路88号"},
		"广西壮族自治区南宁市青秀区民族大道1号": {Area: Area{"广西壮族自治区", "南宁市", "青秀区"}, Rest: "民族大道1号"},
		"湖北省仙桃市沔州大道1号":        {Area: Area{"湖北省", "", "仙桃市"}, Rest: "沔州大道1号"},
		"江苏省昆山市前进路1号":         {Area: Area{"江苏省", "苏州市", "昆山市"}, Rest: "前进路1号", Filled: true},
		"重庆云阳县江口镇":            {Area: Area{"重庆市", "重庆市", "云阳县"}, Rest: "江口镇"},
		"苏州工业园区星湖街1号":         {Area: Area{"江苏省", "苏州市", "苏州工业园区"}, Rest: "星湖街1号", Filled: true},
	} {
		got, ok := Read(text)
		if !ok || got.Area != want.Area || got.Rest != want.Rest || got.Filled != want.Filled || len(got.Elsewhere) > 0 {
			t.Errorf("%s: %+v %v", text, got, ok)
		}
	}
	for _, text := range []string{"文二路88号", "南京路1号", "", "我要改地址", "北京东路668号"} {
		if got, ok := Read(text); ok {
			t.Errorf("%s: %+v", text, got)
		}
	}
}

func TestAWrongPairIsNoticed(t *testing.T) {
	got, ok := Read("杭州市天河区体育西路1号")
	if !ok || got.City != "杭州市" || got.District != "天河区" || len(got.Elsewhere) != 1 || got.Elsewhere[0].City != "广州市" {
		t.Errorf("%+v %v", got, ok)
	}
	if got, _ := Read("杭州市高新区江南大道1号"); len(got.Elsewhere) > 0 {
		t.Errorf("a zone that is no district of the table counts as wrong: %+v", got)
	}
}

func TestTheTableIsWhole(t *testing.T) {
	x := builtin()
	var full int
	for name, areas := range x.districts {
		if strings.HasSuffix(name, "区") || strings.HasSuffix(name, "县") {
			full += len(areas)
		}
	}
	if len(x.provinces) != 62 || full < 2500 {
		t.Errorf("%d names of provinces, %d districts and counties", len(x.provinces), full)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("浙江省杭州市西湖区文三路100号")
	f.Add("\xff北京")
	f.Fuzz(func(t *testing.T, s string) {
		if m, _ := Read(s); len(m.Rest) > len(s) {
			t.Errorf("%q grew", s)
		}
	})
}
