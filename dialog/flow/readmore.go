package flow

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/dialog/fact"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// readNote takes what a courier is to be told; a correction replaces it.
func readNote(sc *dialog.Scene, old string) string {
	said := strings.Trim(sc.Heard.Text, "，。！？ ")
	switch {
	case old == "" && (sc.Answering || len([]rune(said)) >= tellsEnough):
		return shorten(said, longestNote)
	case old == "" || sc.Heard.Is(nlu.Yes, nlu.No, nlu.Never) && !sc.Heard.Correction:
		return ""
	case sc.Heard.Correction:
		return shorten(strings.TrimLeft(corrects.ReplaceAllString(said, ""), "，。 "), longestNote)
	}
	return ""
}

// tellsEnough is the length of a sentence that needs no further question;
// longestNote is what a courier reads, in characters.
const tellsEnough, longestNote = 8, 60

// corrects is how a correction begins.
var corrects = regexp.MustCompile(`^(?:不对|不是|错了|说错了|弄错了|，|啊|哦|是)+`)

func shorten(s string, most int) string {
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

// readCount reads how many are wanted: of an order that is changed, or of
// goods that are looked at.
func readCount(sc *dialog.Scene) string {
	if sc.Flow() == "modify-order" {
		return numberOf(newCount.FindStringSubmatch(sc.Heard.Text))
	}
	return numberOf(cartCount.FindStringSubmatch(sc.Heard.Text))
}

// wanted begins what somebody wants instead.
var wanted = regexp.MustCompile(`(?:改成|改为|换成|换为|换|要|改)([^，。！？]*)`)

// anyColour is a colour in words, of a product or not.
var anyColour = regexp.MustCompile(`(\p{Han}{1,3}色)`)

// orderedLine is the line of the order that a change is about.
func orderedLine(ctx context.Context, sc *dialog.Scene) (shop.Line, bool) {
	o, err := focus(ctx, sc)
	if err != nil || len(o.Lines) == 0 || sc.Flow() != "modify-order" && sc.Flow() != "exchange" {
		return shop.Line{}, false
	}
	at := max(fact.Decode(sc.Slot("line")).Count(), 1)
	return o.Lines[min(at, len(o.Lines))-1], true
}

// afterWanted is what follows 改成, where something is changed; else all that
// was said.
func afterWanted(sc *dialog.Scene) string {
	said := sc.Heard.Text
	if all := wanted.FindAllStringSubmatch(said, -1); len(all) > 0 && (sc.Flow() == "modify-order" || sc.Flow() == "exchange") {
		return all[len(all)-1][1]
	}
	return said
}

// sizeWord is a size of clothes or shoes as it is written.
var sizeWord = regexp.MustCompile(`(?i)(?:^|[^0-9a-z])(x{0,3}[sl]|m|[2-4]xl|3[4-9]|4[0-6])(?:$|[^0-9a-z])`)

// readSize finds the size that is wanted.
func readSize(_ context.Context, sc *dialog.Scene, _ string) string {
	if m := sizeWord.FindStringSubmatch(afterWanted(sc)); m != nil {
		return strings.ToUpper(m[1])
	}
	if e, ok := sc.Heard.Entity(nlu.SizeOf); ok {
		return e.Value
	}
	return ""
}

// readWanted is what shall come instead: a colour of the product beside a size,
// or the words for something else. What was said before of the other of the two
// stays: 换40码, and then 白色的.
func readWanted(ctx context.Context, sc *dialog.Scene, old string) string {
	want := readWant(sc)
	if m := sizeWord.FindStringSubmatch(afterWanted(sc)); m != nil { // M码小，换XL
		want = strings.ToUpper(m[1]) + "码"
	}
	if line, ok := orderedLine(ctx, sc); ok {
		p, err := sc.Shop.Product(ctx, line.Product)
		if err != nil {
			return want
		}
		z := runSize(afterWanted(sc), p.Sizes)
		if z == "" && sc.Answering { // 31的有没有，有就换它
			z = runSize(sc.Heard.Text, p.Sizes)
		}
		if z != "" && (wanted.MatchString(sc.Heard.Text) || !strings.Contains(line.Variant, z+"码")) {
			want = z + "码"
		}
		want = soldColour(want, p.Colours)
		if !strings.HasSuffix(want, "码") {
			return joined(old, want)
		}
		for _, c := range p.Colours {
			named := strings.Contains(afterWanted(sc), c) || sc.Answering && strings.Contains(sc.Heard.Text, c)
			if named && !strings.Contains(want, c) {
				return c + want
			}
		}
	}
	return joined(old, want)
}

// soldColour is the colour as the listing has it, where one of them is meant:
// 粉色 for 浅粉.
func soldColour(want string, colours []string) string {
	bare := strings.TrimSuffix(want, "色")
	if bare == want || slices.Contains(colours, want) {
		return want
	}
	var like []string
	for _, c := range colours {
		if strings.Contains(c, bare) {
			like = append(like, c)
		}
	}
	if len(like) == 1 {
		return like[0]
	}
	return want
}

// readInstead is readWanted for what comes in place of a wish that cannot be met.
func readInstead(ctx context.Context, sc *dialog.Scene, old string) string {
	if w := readWanted(ctx, sc, old); w != sc.Slot("want") {
		return w
	}
	return ""
}

// quantity is a number of pieces that a company may want.
var quantity = regexp.MustCompile(`[0-9]{1,6}|[一二两三四五六七八九十几好]*[十百千万]`)

// readQuantity keeps the words that say how many are wanted.
func readQuantity(sc *dialog.Scene) string {
	if quantity.MatchString(sc.Heard.Text) {
		return sc.Heard.Text
	}
	return ""
}

// runSize finds a bare number that is one of the product's own sizes: 换31的.
func runSize(said string, sizes []string) string {
	for _, z := range sizes {
		if bareNumber.MatchString(z) && regexp.MustCompile(`(?:^|[^0-9.])`+z+`(?:$|[^0-9.元块件双个条天号厘公斤])`).MatchString(said) {
			return z
		}
	}
	return ""
}

var bareNumber = regexp.MustCompile(`^[0-9]{2,3}$`)

// wantedSize is a size as readWanted writes it.
var wantedSize = regexp.MustCompile(`(?:[0-9.]+|[A-Z0-9]+)码$`)

// joined adds the size or the colour that only the other of two wishes names.
func joined(old, want string) string {
	was, is := wantedSize.FindString(old), wantedSize.FindString(want)
	colour := strings.TrimSuffix(old, was)
	switch {
	case want == "" || old == "":
		return want
	case is == "" && was != "" && strings.HasSuffix(want, "色"):
		return want + was
	case is == want && strings.HasSuffix(colour, "色"):
		return colour + want
	}
	return want
}

// readColour finds the colour that is wanted of the order's product, or of
// the one in focus.
func readColour(ctx context.Context, sc *dialog.Scene, _ string) string {
	id := sc.State.Product
	if line, ok := orderedLine(ctx, sc); ok {
		id = line.Product
	}
	said := afterWanted(sc)
	p, err := sc.Shop.Product(ctx, id)
	if err != nil {
		return ""
	}
	for _, c := range p.Colours {
		if sounds(said, []string{c}) || len([]rune(c)) == 2 && strings.HasSuffix(c, "色") && strings.Contains(said, strings.TrimSuffix(c, "色")) {
			return c
		}
	}
	if m := anyColour.FindStringSubmatch(said); m != nil && !slices.Contains([]string{"颜色", "什么色", "别的色"}, m[1]) && !strings.HasSuffix(m[1], "颜色") {
		return m[1]
	}
	return ""
}
