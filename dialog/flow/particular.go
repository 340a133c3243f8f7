package flow

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"waggle/dialog"
	"waggle/shop"
)

// ofKind asks whether a product is of some kind: 有茶轴的吗, 是真皮的吗.
var ofKind = regexp.MustCompile(`(?:有没有|是不是|有|是)(\p{Han}{1,5}?)的(?:吗|么|嘛|呢|没有|没)?[？。]?$`)

// particular answers whether the product in focus is of the kind that is asked
// for: a colour that is called by its root goes on as that colour, anything else
// is in the table of attributes or nowhere.
func particular(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if errors.Is(err, shop.ErrNotFound) {
		return dialog.Continue, nil
	}
	if err != nil {
		return dialog.Finish, err
	}
	said := strings.TrimSpace(sc.Clause.Text)
	if c, ok := nearColour(p, said); ok {
		sc.Set("colour", c)
		return dialog.Continue, nil
	}
	m := ofKind.FindStringSubmatch(said)
	if m == nil || subject(m[1]) == "" || strings.ContainsAny(m[1], "色码号货卖") || sounds(m[1], p.Colours) {
		return dialog.Continue, nil
	}
	for _, a := range p.Attributes {
		last, _ := utf8.DecodeLastRuneInString(m[1])
		if strings.Contains(a.Value, m[1]) || strings.ContainsRune(a.Name, last) {
			sc.Say(fromProduct(p), "%s的%s是%s。", text(p.Name), text(a.Name), text(a.Value))
			return dialog.Finish, nil
		}
	}
	sc.Say(fromProduct(p), "%s的资料里没有写这一点，需要的话我帮您转人工客服问问。", text(p.Name))
	return dialog.Finish, nil
}

// colourRoot is a colour in one character: 粉色, 有蓝的吗.
var colourRoot = regexp.MustCompile(`([黑白红蓝绿黄灰粉紫棕橙])(?:色|的)`)

// nearColour finds the one colour of a product that is a shade of what is asked
// for: 浅粉 for 粉色.
func nearColour(p shop.Product, said string) (string, bool) {
	m := colourRoot.FindStringSubmatch(said)
	if m == nil || slices.ContainsFunc(p.Colours, func(c string) bool { return strings.Contains(said, c) }) {
		return "", false
	}
	var shades []string
	for _, c := range p.Colours {
		if strings.Contains(c, m[1]) {
			shades = append(shades, c)
		}
	}
	if len(shades) != 1 {
		return "", false
	}
	return shades[0], true
}
