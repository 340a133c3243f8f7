package graph

import (
	"math"
	"slices"
	"testing"

	"waggle/shop"
)

func TestReadQuantity(t *testing.T) {
	for value, want := range map[string]Quantity{
		"350毫升":    {350, Volume},
		"约1.2公斤":   {1200, Mass},
		"1.5L":     {1500, Volume},
		"40×30厘米":  {400, Length},
		"3-5天":     {5 * 1440, Duration},
		"每杯500g左右": {500, Mass},
		"15.6英寸":   {396.24, Length},
		"5000毫安时":  {5000, Charge},
		"95%棉":     {95, Share},
		"6个小时":     {360, Duration},
	} {
		q, ok := ReadQuantity(value)
		if !ok || q.Dimension != want.Dimension || math.Abs(q.Amount-want.Amount) > 1e-6 {
			t.Errorf("%s: %+v %v, want %+v", value, q, ok, want)
		}
	}
	for _, value := range []string{"", "纯棉", "型号A12", "0克", "2024款", "……"} {
		if q, ok := ReadQuantity(value); ok {
			t.Errorf("%q: %+v, which it does not say", value, q)
		}
	}
}

func FuzzReadQuantity(f *testing.F) {
	f.Add("3-5天")
	f.Add("40×30×厘米")
	f.Fuzz(func(t *testing.T, value string) {
		if q, ok := ReadQuantity(value); ok && (math.IsNaN(q.Amount) || q.Amount < 0) {
			t.Errorf("%q is %v", value, q)
		}
	})
}

func catalogue() *Graph {
	at := func(pairs ...string) (out []shop.Attribute) {
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, shop.Attribute{Name: pairs[i], Value: pairs[i+1]})
		}
		return out
	}
	return New([]shop.Product{
		{ID: "cup", Name: "保温杯", Kind: "杯子", Category: "家居", Price: 12900, Stock: 3, Colours: []string{"黑色", "白色"},
			Attributes: at("材质", "不锈钢", "容量", "500毫升", "保温", "12小时")},
		{ID: "mug", Name: "马克杯", Kind: "杯子", Category: "家居", Price: 4900, Stock: 9, Colours: []string{"白色"},
			Attributes: at("材质", "陶瓷", "容量", "350毫升", "产地", "景德镇"), SameStyle: []string{"cup"}},
		{ID: "lid", Name: "杯盖", Kind: "配件", Category: "家居", Price: 900, Stock: 0, PartOf: []string{"cup", "nothing"}},
		{ID: "shirt", Name: "衬衫", Kind: "衬衫", Category: "服装", Price: 19900, Stock: 5, Sizes: []string{"M", "L"}, Colours: []string{"白色"},
			Attributes: at("面料", "纯棉，免烫"), GoesWith: []string{"cup"}},
		{ID: "shirt", Name: "again"},
	})
}

func ids(list []shop.Product) (out []string) {
	for _, p := range list {
		out = append(out, p.ID)
	}
	return out
}

func TestRelationsAreKnownFromBothEnds(t *testing.T) {
	g := catalogue()
	for _, c := range []struct {
		id   string
		r    Relation
		want []string
	}{
		{"cup", Parts, []string{"lid"}}, {"lid", PartOf, []string{"cup"}}, {"cup", SameStyle, []string{"mug"}},
		{"cup", GoesWith, []string{"shirt"}}, {"shirt", Replaces, nil}, {"nobody", Parts, nil},
	} {
		if got := ids(g.Related(c.id, c.r)); !slices.Equal(got, c.want) {
			t.Errorf("%s %s: %v, want %v", c.id, c.r, got, c.want)
		}
	}
}

func TestFindByWhatIsWanted(t *testing.T) {
	g := catalogue()
	for _, c := range []struct {
		text string
		max  shop.Fen
		size string
		want []string
	}{
		{"想买个杯子", 0, "", []string{"mug", "cup"}},
		{"五十块以内的杯子", 5000, "", []string{"mug"}},
		{"黑色的不锈钢杯子", 0, "", []string{"cup"}},
		{"有没有纯棉免烫的衬衫", 0, "L", []string{"shirt"}},
		{"有没有纯棉的衬衫", 0, "XXL", nil},
		{"景德镇的", 0, "", []string{"mug"}},
		{"配件", 0, "", nil}, // out of stock
	} {
		q := g.Read(c.text)
		q.Max, q.Size = c.max, c.size
		found, met := g.Find(q, 5)
		if !slices.Equal(ids(found), c.want) || len(met) != len(found) {
			t.Errorf("%s (%+v): %v, want %v", c.text, q, ids(found), c.want)
		}
	}
}

func TestCompareMeasures(t *testing.T) {
	g := catalogue()
	cup, _ := g.Product("cup")
	mug, _ := g.Product("mug")
	got := Compare(cup, mug)
	if len(got) != 2 || got[0] != (Difference{"容量", "500毫升", "350毫升", 1}) || got[1].Name != "材质" {
		t.Errorf("%+v", got)
	}
	if same := Compare(cup, cup); len(same) != 0 {
		t.Errorf("a product differs from itself: %+v", same)
	}
}
