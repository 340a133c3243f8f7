package tool_test

import (
	"testing"

	"waggle/dialog/tool"
	"waggle/shop"
)

func TestNewAddress(t *testing.T) {
	old := shop.Address{Name: "陈静", Phone: "13800000005", Province: "湖北省", City: "武汉市", District: "洪山区", Street: "珞喻路215号"}
	for said, want := range map[string]string{
		"浙江省杭州市西湖区文三路199号": "浙江省杭州市西湖区文三路199号",
		"珞喻路300号":  "湖北省武汉市洪山区珞喻路300号",
		"武昌区中北路8号": "湖北省武汉市武昌区中北路8号",
		"杭州市西湖区文三路199号" + tool.Corrected + "文二路88号": "浙江省杭州市西湖区文二路88号",
	} {
		got := tool.NewAddress(old, said)
		if got.String() != want || got.Name != old.Name || got.Phone != old.Phone {
			t.Errorf("%s: %s, not %s", said, got, want)
		}
	}
}
