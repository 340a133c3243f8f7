package flow

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/shop"
)

// Readers of a part of an order: which line, and how many pieces of it.

// Counts of pieces, as people say them.
const pieceCount = `([一二两三四五六七八九十]|[0-9]{1,2})(?:件|只|双|条|个|盒|瓶|台|包|支|套|把|张|顶|副|袋|罐|本)`

var (
	partOfOrder = []*regexp.Regexp{
		regexp.MustCompile(`退(?:掉|货|款)?(?:其中|这|那|的)?` + pieceCount),
		regexp.MustCompile(`(?:其中|只要?退|就退|光退)的?` + pieceCount),
		regexp.MustCompile(pieceCount + `的?(?:钱|都退|全退)`),
	}
	wholeAnswer = regexp.MustCompile(`^[^0-9一二两三四五六七八九十]*` + pieceCount)
	newCount    = regexp.MustCompile(`(?:改成|改为|改到|换成|变成|要|加到|减到|减成)` + pieceCount)
	cartCount   = regexp.MustCompile(pieceCount)
)

// number reads the count of a match.
func numberOf(m []string) string {
	if m == nil {
		return ""
	}
	if n, err := strconv.Atoi(m[1]); err == nil {
		return strconv.Itoa(n)
	}
	if m[1] == "两" {
		return "2"
	}
	if i := strings.Index("一二三四五六七八九十", m[1]); i >= 0 {
		return strconv.Itoa(i/len("一") + 1)
	}
	return ""
}

// readPieces reads how many pieces go back, where that is said.
func readPieces(sc *dialog.Scene) string {
	for _, re := range partOfOrder {
		if n := numberOf(re.FindStringSubmatch(sc.Heard.Text)); n != "" {
			return n
		}
	}
	if sc.Answering {
		return numberOf(wholeAnswer.FindStringSubmatch(sc.Heard.Text))
	}
	return ""
}

// Pieces of several that came broken: 坏了两个, 其中一只是碎的. What a thing has of
// itself, as a crack or a corner, is no piece: 裂了一条缝, 破了个洞.
const goodsCount = `([一二两三四五六七八九十]|[0-9]{1,2})(?:件|只|双|个|盒|瓶|台|包|套|把|张|袋|罐)`

var brokenPieces = []*regexp.Regexp{
	regexp.MustCompile(`(?:裂|坏|碎|破|漏|瘪|断|烂)(?:了|掉|掉了)?` + goodsCount + `(?:$|[，。！？的啊呢])`),
	regexp.MustCompile(goodsCount + `(?:是|都|全)*(?:裂|坏|碎|破|漏|瘪|断|烂)(?:的|了|掉)`),
}

// readBroken reads how many pieces came broken, where that is said.
func readBroken(sc *dialog.Scene) string {
	for _, re := range brokenPieces {
		if n := numberOf(re.FindStringSubmatch(sc.Heard.Text)); n != "" {
			return n
		}
	}
	return ""
}

// swapped finds how many pieces of a line are changed for others.
var swapped = []*regexp.Regexp{
	regexp.MustCompile(`(?:只|就|光|各)?换(?:掉|货)?(?:其中|这|那|的)?` + pieceCount),
	regexp.MustCompile(pieceCount + `(?:都|全|一起)?(?:给我|帮我|要|想)*换`),
}

// readSwapped reads how many pieces are exchanged; more than there are is no
// count of pieces.
func readSwapped(ctx context.Context, sc *dialog.Scene, _ string) string {
	line, ok := orderedLine(ctx, sc)
	for _, re := range swapped {
		n := numberOf(re.FindStringSubmatch(sc.Heard.Text))
		if pieces, err := strconv.Atoi(n); err == nil && ok && pieces <= line.Count {
			return n
		}
	}
	return ""
}

// onlyThis says that a part goes back: 只退茶壶.
var onlyThis = regexp.MustCompile(`(?:只|就|光|单独?|仅)(?:要|想|给我|帮我|把|是)*退`)

// readGoing is the line that goes back, where the others are said to stay: 只退茶壶，茶叶
// 留着 takes nothing back.
func readGoing(ctx context.Context, sc *dialog.Scene, old string) string {
	if said := sc.Heard.Text; onlyThis.MatchString(said) || anotherGoes.MatchString(said) {
		return readLine(ctx, sc, old)
	}
	return ""
}

// anotherGoes says that one thing goes and another stays: 茶壶退掉，茶叶留着.
var anotherGoes = regexp.MustCompile(`[^不别没]退(?:了|掉|货|回去)?[^。！？]*(?:留着|留下|不退)|(?:留着|留下|不退)[^。！？]*[^不别没]退(?:了|掉|货|回去|$)`)

// allOfIt is how people say that it is every product of an order.
var allOfIt = regexp.MustCompile(`都|全|每[一个件样]|两[个样件]|整单`)

// readPart is readLine where all of the order is an answer, too.
func readPart(ctx context.Context, sc *dialog.Scene, old string) string {
	if at := readLine(ctx, sc, old); at != "" {
		return at
	}
	if allOfIt.MatchString(sc.Heard.Text) {
		return "all"
	}
	return ""
}

// lacks finds what was not in the parcel.
var lacks = regexp.MustCompile(`少了|少发|少给|少一|少两|缺|漏|没收到|没有收到|没见|没发|没给|没在`)

// readPartBack is readPieces where nothing is missing: 买了两件，只退一件.
func readPartBack(sc *dialog.Scene) string {
	if !lacks.MatchString(sc.Heard.Text) {
		return readPieces(sc)
	}
	return ""
}

// readLine finds which line of the order in focus is named, counted from 1,
// when it is one of several.
func readLine(ctx context.Context, sc *dialog.Scene, _ string) string {
	o, err := focus(ctx, sc)
	if err != nil || len(o.Lines) < 2 {
		return ""
	}
	var named, meant []int
	for i, l := range o.Lines {
		p, err := sc.Shop.Product(ctx, l.Product)
		if err != nil {
			p = shop.Product{Name: l.Name}
		}
		names := append(append([]string{p.Name, l.Name}, p.Aliases...), ends(p.Name)...)
		switch said := sc.Heard.Text; {
		case !sounds(said, names):
		case sentBack(said, names), spoilt(said, names):
			meant = append(meant, i+1)
			named = append(named, i+1)
		case !asideOf(said, names):
			named = append(named, i+1)
		}
	}
	if len(meant) == 1 {
		named = meant
	}
	if len(named) != 1 {
		return ""
	}
	return strconv.Itoa(named[0])
}

// ends are the shorter names that people make of a name by its end: 耳机 of 无线耳机.
func ends(name string) []string {
	var out []string
	for r := []rune(name); len(r) > 2; r = r[1:] {
		out = append(out, string(r[1:]))
	}
	return out
}

// sentBack tells that a product is named as what goes: 就退炒锅, 把台灯退了.
func sentBack(said string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.ToLower(n)
		return n != "" && regexp.MustCompile(`(?:退|换|改)(?:掉|货|了|个|那个|这个|一下)*`+regexp.QuoteMeta(n)+`|`+
			regexp.QuoteMeta(n)+`(?:那个|这个|给我|帮我|你|我|就|要|想|单独|一个)*(?:退|换|改)`).MatchString(said)
	})
}

// spoilt tells that a product is named as what came broken: 碗磕破了.
func spoilt(said string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		n = strings.ToLower(n)
		return n != "" && regexp.MustCompile(regexp.QuoteMeta(n)+`[^，。！？没不单]{0,6}(?:坏|裂|碎|破|漏|断|瘪|凹|变形|不能用|不转|不亮|开不了)`).MatchString(said)
	})
}

// asideOf tells that a product is named only to say which order is meant, or
// that it stays or is sound: 显示器那一单里的, 显示器留着, 盘子是好的.
func asideOf(said string, names []string) bool {
	for _, n := range names {
		if n == "" {
			continue
		}
		if regexp.MustCompile(regexp.QuoteMeta(strings.ToLower(n)) + `(?:[和跟与、加][^，。！？]{1,8}?)?(?:一起的?)?(?:那|这)?(?:一|个)?(?:单|订单|笔)|` + regexp.QuoteMeta(strings.ToLower(n)) + `(?:那个|这个|[我是都还倒先就])*(?:留着|留下|不退|不换|不动|好的|好着|好好的|完好|正常|没事|没问题|没毛病|没(?:坏|破|裂|碎)|不用[退换管])`).MatchString(said) {
			return true
		}
	}
	return false
}
