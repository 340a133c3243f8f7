package flow

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// productQuestion answers from the table of attributes, never from prose.
func productQuestion() dialog.Flow {
	return aboutProduct("product", tellAttribute, nlu.ProductQuestion, nlu.Usage)
}

// aboutProduct makes a flow about the product that is meant.
func aboutProduct(name string, tell func(context.Context, *dialog.Scene, shop.Product) error, intents ...nlu.Intent) dialog.Flow {
	return dialog.Flow{
		Name:    name,
		Topic:   true,
		Intents: intents,
		Steps: []dialog.Step{
			whichProduct,
			act(func(ctx context.Context, sc *dialog.Scene) error {
				p, err := sc.Shop.Product(ctx, sc.State.Product)
				if err != nil {
					return err
				}
				sc.Card(productCard(p))
				return tell(ctx, sc, p)
			}),
		},
	}
}

// whichProduct puts the product that is meant in focus: the one that is
// named, the one in focus, or the one of the order in focus.
func whichProduct(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if sc.Slot("question") == "" { // an answer names the product, not the question
		sc.Set("question", sc.Clause.Text)
	}
	p, ok, err := namedProduct(ctx, sc)
	if !ok && err == nil && sc.State.Product == "" { // another clause may have named it
		if all := namedProducts(ctx, sc, sc.Heard.Text); len(all) == 1 {
			p, ok = all[0], true
		}
	}
	if err != nil {
		return dialog.Finish, err
	}
	switch {
	case ok:
		sc.State.Product = p.ID
		return dialog.Continue, nil
	case sc.State.Product != "":
		return dialog.Continue, nil
	case sc.State.Order != "" && sc.State.Caller.Known:
		o, err := focus(ctx, sc)
		if err != nil {
			return dialog.Finish, err
		}
		sc.State.Product = o.Lines[0].Product
		return dialog.Continue, nil
	case sc.Answering:
		return dialog.Unanswered, nil
	}
	sc.Ask(dialog.Expect{}, itself("product"), "请问您想了解哪一件商品？")
	return dialog.Wait, nil
}

// candidates is how many search results are looked at.
const candidates = 12

// namedProduct finds the product that the turn names, as written or, when
// nothing is found, as it sounds.
func namedProduct(ctx context.Context, sc *dialog.Scene) (shop.Product, bool, error) {
	said := sc.Clause.Text
	if sc.Answering || said == "" {
		said = sc.Heard.Text
	}
	if p, ok, err := shown(ctx, sc, said); ok || err != nil {
		return p, ok, err
	}
	found, err := sc.Shop.Search(ctx, said, candidates)
	if err != nil {
		return shop.Product{}, false, err
	}
	for _, p := range found {
		if sounds(said, callable(said, append([]string{p.Name}, p.Aliases...))) {
			return p, true, nil
		}
	}
	return shop.Product{}, false, nil
}

// callable leaves out names of one character that measure something in the
// text: the 米 of 1米73 is no rice.
func callable(said string, names []string) []string {
	return slices.DeleteFunc(names, func(n string) bool {
		return utf8.RuneCountInString(n) == 1 && regexp.MustCompile(`[0-9一二两三四五六七八九十几多半]`+regexp.QuoteMeta(n)).MatchString(said)
	})
}

// shown finds the product of the last list that is meant by its place in it,
// or by its colour: the second one, the black one.
func shown(ctx context.Context, sc *dialog.Scene, said string) (shop.Product, bool, error) {
	list := sc.State.Shown
	if len(list) < 2 {
		return shop.Product{}, false, nil
	}
	if e, ok := sc.Heard.Entity(nlu.Ordinal); ok {
		n, _ := strconv.Atoi(e.Value)
		if n == -1 {
			n = len(list)
		}
		if n >= 1 && n <= len(list) {
			p, err := sc.Shop.Product(ctx, list[n-1])
			return p, err == nil, err
		}
	}
	colour := whichColour.FindStringSubmatch(said)
	if colour == nil {
		return shop.Product{}, false, nil
	}
	var hit []shop.Product
	for _, id := range list {
		p, err := sc.Shop.Product(ctx, id)
		if err != nil {
			return p, false, err
		}
		if slices.ContainsFunc(p.Colours, func(c string) bool { return strings.Contains(c, colour[1]) }) {
			hit = append(hit, p)
		}
	}
	if len(hit) != 1 {
		return shop.Product{}, false, nil
	}
	return hit[0], true, nil
}

// whichColour is one of several by its colour: 黑色的那个.
var whichColour = regexp.MustCompile(`(\p{Han}{1,2})色?的?(?:那|这)(?:个|件|款|双|条|只)`)

// synonyms maps what shoppers ask for to names of attributes, the most telling
// first.
func synonyms() []struct{ asked, names []string } {
	return []struct{ asked, names []string }{
		{[]string{"里料", "内衬", "里子", "内里"}, []string{"里料", "内里"}},
		{[]string{"鞋底"}, []string{"鞋底"}},
		{[]string{"鞋面"}, []string{"鞋面"}},
		{[]string{"微波"}, []string{"微波炉"}},
		{[]string{"洗碗机"}, []string{"洗碗机"}},
		{[]string{"水洗", "机洗", "干洗", "手洗", "怎么洗", "清洗", "拆洗", "能洗"}, []string{"清洗", "保养"}},
		{[]string{"保养", "护理", "养护"}, []string{"保养", "清洗"}},
		{[]string{"容量", "装多少", "多少毫升", "多少升", "能装"}, []string{"容量", "电脑"}},
		{[]string{"电脑", "笔记本"}, []string{"电脑"}},
		{[]string{"飞机", "安检"}, []string{"飞机"}},
		{[]string{"续航", "用多久", "多长时间", "听多久"}, []string{"续航", "电池", "保温"}},
		{[]string{"充电", "充满"}, []string{"充电", "接口"}},
		{[]string{"蓝牙", "连接"}, []string{"连接"}},
		{[]string{"降噪"}, []string{"降噪"}},
		{[]string{"功率", "多少瓦", "费电"}, []string{"功率"}},
		{[]string{"噪音", "声音", "静音", "吵"}, []string{"噪音", "声音"}},
		{[]string{"保温"}, []string{"保温"}},
		{[]string{"保质期", "过期", "放多久"}, []string{"保质期"}},
		{[]string{"产地", "哪里产", "哪产"}, []string{"产地"}},
		{[]string{"配料", "成分表", "添加", "含糖", "加糖"}, []string{"配料"}},
		{[]string{"储存", "保存", "冷藏"}, []string{"储存"}},
		{[]string{"几岁", "多大的孩子", "年龄", "宝宝"}, []string{"年龄"}},
		{[]string{"防水", "沾水", "进水"}, []string{"防水", "材质"}},
		{[]string{"防滑"}, []string{"鞋底"}},
		{[]string{"防晒"}, []string{"防晒"}},
		{[]string{"起球"}, []string{"起球"}},
		{[]string{"掉毛"}, []string{"掉毛"}},
		{[]string{"缩水"}, []string{"缩水"}},
		{[]string{"弹力", "弹性"}, []string{"弹力"}},
		{[]string{"厚不厚", "厚度", "多厚", "薄"}, []string{"厚度", "克重"}},
		{[]string{"多重", "重量", "重不重", "几斤", "多少克"}, []string{"重量", "净含量", "克重"}},
		{[]string{"尺寸", "多大", "多高", "多长", "多宽", "直径", "口径", "大小", "多少厘米"}, []string{"尺寸", "裙长", "衣长", "容量", "净含量"}},
		{[]string{"几个", "几只", "几双", "多少粒", "数量"}, []string{"数量", "净含量"}},
		{[]string{"调光", "几档", "亮度", "档位"}, []string{"调光", "档位", "温度"}},
		{[]string{"保修", "质保"}, []string{"保修"}},
		{[]string{"版型", "宽松", "修身"}, []string{"版型"}},
		{[]string{"领"}, []string{"领型"}},
		{[]string{"电池"}, []string{"电池"}},
		{[]string{"工艺", "手工"}, []string{"工艺"}},
		{[]string{"材质", "材料", "面料", "料子", "布料", "什么做的", "啥做的", "纯棉", "真皮", "什么皮", "不锈钢", "羊毛", "什么棉", "成分", "什么木"},
			[]string{"材质", "面料", "鞋面", "配料"}},
	}
}

// attributes returns those that a question asks for: named outright, or by a
// synonym.
func attributes(p shop.Product, question string) []shop.Attribute {
	for _, name := range append([]string{p.Name}, p.Aliases...) { // 保温杯 asks for no 保温
		if len([]rune(name)) > 1 {
			question = strings.ReplaceAll(question, strings.ToLower(name), "")
		}
	}
	if a, ok := choices(p, question); ok {
		return []shop.Attribute{a}
	}
	for _, a := range p.Attributes {
		if strings.Contains(question, a.Name) {
			return []shop.Attribute{a}
		}
	}
	for _, s := range synonyms() {
		if !sounds(question, s.asked) {
			continue
		}
		for _, name := range s.names {
			if v, ok := p.Attribute(name); ok {
				return []shop.Attribute{{Name: name, Value: v}}
			}
		}
		return nil
	}
	return p.Attributes[:min(introduced, len(p.Attributes))]
}

// choices answers which colours or sizes there are.
func choices(p shop.Product, question string) (shop.Attribute, bool) {
	switch {
	case len(p.Colours) > 0 && sounds(question, []string{"颜色", "色"}):
		return shop.Attribute{Name: "颜色", Value: strings.Join(p.Colours, "、")}, true
	case len(p.Sizes) > 0 && sounds(question, []string{"尺码", "什么码", "哪些码", "几个码"}):
		return shop.Attribute{Name: "尺码", Value: strings.Join(p.Sizes, "、")}, true
	}
	return shop.Attribute{}, false
}

// introduced is how many attributes introduce a product.
const introduced = 3

func tellAttribute(_ context.Context, sc *dialog.Scene, p shop.Product) error {
	found := attributes(p, sc.Slot("question"))
	if len(found) == 0 {
		sc.Say(fromProduct(p), "%s的资料里没有写这一点，需要的话我帮您转人工客服问问。", text(p.Name))
		return nil
	}
	src := fromProduct(p)
	var parts []string
	for _, a := range found {
		parts = append(parts, a.Name+"："+a.Value)
	}
	if len(found) == 1 {
		a := found[0]
		if strings.HasPrefix(a.Value, "可以") || strings.HasPrefix(a.Value, "支持") || strings.HasPrefix(a.Value, "不") {
			sc.Say(src, "%s%s。", text(p.Name), text(a.Value)) // a whole statement
			return nil
		}
		sc.Say(src, "%s的%s是%s。", text(p.Name), text(a.Name), text(a.Value))
		return nil
	}
	sc.Say(src, "%s，%s。", text(p.Name), text(strings.Join(parts, "，")))
	return nil
}

func productCard(p shop.Product) dialog.Card {
	return dialog.Card{Kind: "product", Title: p.Title, Image: "/v1/products/" + p.ID + "/image",
		Fields: map[string]string{"价格": p.Price.String() + "元"}}
}
