package tool

import (
	"context"
	"regexp"
	"strings"
)

// namedSize is a size in figures or letters that is wanted, namedColour a colour.
var (
	namedColour = regexp.MustCompile(`\p{Han}{1,3}色`)
	namedSize   = regexp.MustCompile(`([0-9.]+|[A-Z]+[0-9]*|[0-9]X+L)码$`)
)

// hasVariant refuses a colour and size that the words name and the shop has not
// got. Other wishes, as one size larger, are for the one who packs.
func (s *scope) hasVariant(ctx context.Context, want string) error {
	at := s.whole("line")
	if at == 0 && len(s.order.Lines) != 1 || at > len(s.order.Lines) {
		return nil
	}
	line := s.order.Lines[max(at, 1)-1]
	p, err := s.shop.Product(ctx, line.Product)
	if err != nil {
		return err
	}
	var colour, size string
	for _, c := range p.Colours {
		if strings.Contains(want, c) {
			colour = c
		}
	}
	for _, z := range p.Sizes {
		if strings.Contains(want, z+"码") {
			size = z
		}
	}
	if m := namedSize.FindStringSubmatch(want); m != nil && size == "" && len(p.Sizes) > 0 {
		return refuse(RefusedStock, "size %s is not made", m[1])
	}
	if m := namedColour.FindString(want); m != "" && colour == "" && len(p.Colours) > 0 {
		return refuse(RefusedStock, "%s is not made", m)
	}
	if colour == "" && size == "" {
		return nil
	}
	old, worn := s.variantOf(line, p)
	if colour == "" {
		colour = old
	}
	if size == "" {
		size = worn
	}
	if n, ok := p.StockOf(colour, size); !ok || n < 1 {
		return refuse(RefusedStock, "%s %s is not in stock", colour, size)
	}
	return nil
}
