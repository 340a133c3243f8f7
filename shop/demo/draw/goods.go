package main

import (
	"fmt"
	"image/color"
	"strings"
)

// parseGoods reads goods.txt over the shapes of shapes.txt: one drawing a
// line, the shape in the colours of the goods.
func parseGoods(goods, shapes string) ([]drawing, error) {
	templates, err := parseShapes(shapes)
	if err != nil {
		return nil, err
	}
	var all []drawing
	for n, line := range strings.Split(goods, "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(f) != 5 || templates[f[2]] == nil {
			return nil, fmt.Errorf("goods, line %d: want: product background shape colour colour", n+1)
		}
		dye, err := dyes(f[3], f[4])
		if err != nil {
			return nil, fmt.Errorf("goods, line %d: %w", n+1, err)
		}
		d := drawing{name: f[0], background: f[1]}
		for _, s := range templates[f[2]] {
			d.shapes = append(d.shapes, dyed(s, dye))
		}
		all = append(all, d)
	}
	return all, nil
}

// parseShapes reads the shapes by name.
func parseShapes(text string) (map[string][]string, error) {
	out := make(map[string][]string)
	name := ""
	for n, line := range strings.Split(text, "\n") {
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "@"):
			name = strings.TrimSpace(line[1:])
		case name == "":
			return nil, fmt.Errorf("shapes, line %d: a line before the first name", n+1)
		default:
			out[name] = append(out[name], line)
		}
	}
	return out, nil
}

// dyes gives the colours that stand for $, $d, $l and $a.
func dyes(main, second string) (map[string]string, error) {
	c, err := colour(main)
	if err != nil {
		return nil, err
	}
	if _, err := colour(second); err != nil {
		return nil, err
	}
	return map[string]string{"$": main, "$d": toward(c, 0, 0.2), "$l": toward(c, 255, 0.35), "$a": second}, nil
}

// toward mixes a colour with black or white.
func toward(c color.NRGBA, to, share float64) string {
	mixed := func(v uint8) uint8 { return uint8(float64(v)*(1-share) + to*share) }
	return fmt.Sprintf("#%02x%02x%02x", mixed(c.R), mixed(c.G), mixed(c.B))
}

// dyed writes the colours into one line of a shape.
func dyed(line string, dye map[string]string) string {
	f := strings.Fields(line)
	for i, word := range f {
		if c, ok := dye[word]; ok {
			f[i] = c
		}
	}
	return strings.Join(f, " ")
}
