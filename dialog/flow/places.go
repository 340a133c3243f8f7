package flow

import (
	"context"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/shop"
)

// provinces by the words that name them or their largest city.
func provinces() map[string]string {
	return map[string]string{
		"北京": "北京市", "上海": "上海市", "天津": "天津市", "重庆": "重庆市", "内蒙古": "内蒙古自治区", "呼和浩特": "内蒙古自治区",
		"广西": "广西壮族自治区", "南宁": "广西壮族自治区", "桂林": "广西壮族自治区", "西藏": "西藏自治区", "拉萨": "西藏自治区",
		"宁夏": "宁夏回族自治区", "银川": "宁夏回族自治区", "新疆": "新疆维吾尔自治区", "乌鲁木齐": "新疆维吾尔自治区", "喀什": "新疆维吾尔自治区",
		"河北": "河北省", "石家庄": "河北省", "山西": "山西省", "太原": "山西省", "辽宁": "辽宁省", "沈阳": "辽宁省", "大连": "辽宁省",
		"吉林": "吉林省", "长春": "吉林省", "黑龙江": "黑龙江省", "哈尔滨": "黑龙江省", "江苏": "江苏省", "南京": "江苏省", "苏州": "江苏省",
		"浙江": "浙江省", "杭州": "浙江省", "宁波": "浙江省", "安徽": "安徽省", "合肥": "安徽省", "福建": "福建省", "福州": "福建省", "厦门": "福建省",
		"江西": "江西省", "南昌": "江西省", "山东": "山东省", "济南": "山东省", "青岛": "山东省", "河南": "河南省", "郑州": "河南省",
		"湖北": "湖北省", "武汉": "湖北省", "湖南": "湖南省", "长沙": "湖南省", "广东": "广东省", "广州": "广东省", "深圳": "广东省",
		"海南": "海南省", "海口": "海南省", "四川": "四川省", "成都": "四川省", "贵州": "贵州省", "贵阳": "贵州省", "云南": "云南省", "昆明": "云南省",
		"陕西": "陕西省", "西安": "陕西省", "甘肃": "甘肃省", "兰州": "甘肃省", "青海": "青海省", "西宁": "青海省",
	}
}

// readPlace finds the province that a turn names, by itself or by a city.
func readPlace(sc *dialog.Scene) string {
	for name, full := range provinces() {
		if strings.Contains(sc.Heard.Text, name) {
			return full
		}
	}
	return ""
}

// readOther finds a second product in the turn, by its id.
func readOther(ctx context.Context, sc *dialog.Scene, _ string) string {
	said := sc.Clause.Text
	if sc.Answering || said == "" {
		said = sc.Heard.Text
	}
	named := namedProducts(ctx, sc, said)
	if len(named) < 2 {
		return ""
	}
	for _, p := range named {
		if p.ID != sc.State.Product {
			return p.ID
		}
	}
	return ""
}

// namedProducts finds every product that a text names, in the order in which
// they stand there; a name inside a longer one that is named too counts for
// nothing.
func namedProducts(ctx context.Context, sc *dialog.Scene, said string) []shop.Product {
	found, err := sc.Shop.Search(ctx, said, 2*candidates)
	if err != nil {
		return nil
	}
	at := make(map[string]int)
	name := make(map[string]string)
	var out []shop.Product
	for _, p := range found {
		for _, n := range append([]string{p.Name}, p.Aliases...) {
			if i := strings.Index(said, strings.ToLower(n)); n != "" && i >= 0 && len(n) > len(name[p.ID]) {
				at[p.ID], name[p.ID] = i, n
			}
		}
		if name[p.ID] != "" {
			out = append(out, p)
		}
	}
	out = slices.DeleteFunc(out, func(p shop.Product) bool {
		return slices.ContainsFunc(out, func(o shop.Product) bool {
			if o.ID != p.ID && at[o.ID] == at[p.ID] && name[o.ID] == name[p.ID] { // of those alike the one that fits best
				return slices.IndexFunc(found, func(x shop.Product) bool { return x.ID == o.ID }) < slices.IndexFunc(found, func(x shop.Product) bool { return x.ID == p.ID })
			}
			return o.ID != p.ID && len(name[o.ID]) > len(name[p.ID]) && strings.Contains(name[o.ID], name[p.ID])
		})
	})
	slices.SortStableFunc(out, func(a, b shop.Product) int { return at[a.ID] - at[b.ID] })
	return out
}
