package flow

import (
	"testing"

	"waggle/shop"
)

func TestRecommendedIsWhatWasAskedFor(t *testing.T) {
	list := []shop.Product{
		{ID: "bank", Name: "充电宝", Kind: "充电", Stock: 1, Price: 12900},
		{ID: "cup", Name: "保温杯", Kind: "杯具", Stock: 1, Price: 9900, Colours: []string{"黑色"}},
		{ID: "glass", Name: "双层玻璃杯", Kind: "杯具", Stock: 1, Price: 4900},
		{ID: "coat", Name: "大衣", Kind: "外套", Stock: 1, Price: 59900, Attributes: []shop.Attribute{{Name: "面料", Value: "羊毛"}}},
	}
	for said, want := range map[string][]string{
		"200块以内有什么保温杯推荐": {"cup"},
		"想要一个杯具":         {"glass", "cup"},
		"有没有羊毛的衣服推荐":     {"coat"},
		"送朋友买什么好":        {"bank", "cup", "glass", "coat"},
	} {
		got := meant(said, list)
		if len(got) != len(want) {
			t.Errorf("%s: %d products, want %v", said, len(got), want)
			continue
		}
		for i := range want {
			if got[i].ID != want[i] {
				t.Errorf("%s: %s at %d, want %s", said, got[i].ID, i, want[i])
			}
		}
	}
}
