package main

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"strconv"
	"strings"
)

// side is the width and height of a picture in pixels.
const side = 512

// drawing is one product: a background and shapes over it.
type drawing struct {
	name       string
	background string
	shapes     []string
}

// parse reads drawings.txt.
func parse(text string) ([]drawing, error) {
	var all []drawing
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 || strings.HasPrefix(line, "#"):
		case len(fields) == 2:
			all = append(all, drawing{name: fields[0], background: fields[1]})
		case len(all) == 0:
			return nil, fmt.Errorf("line %d: a shape before the first drawing", n+1)
		default:
			last := &all[len(all)-1]
			last.shapes = append(last.shapes, line)
		}
	}
	return all, nil
}

// render draws the shapes in order.
func (d drawing) render() (*image.RGBA, error) {
	back, err := colour(d.background)
	if err != nil {
		return nil, err
	}
	c := newCanvas(back)
	for _, s := range d.shapes {
		if err := c.shape(s); err != nil {
			return nil, fmt.Errorf("%s: %w", s, err)
		}
	}
	return c.img, nil
}

// shape draws one line of a drawing, twice when it is mirrored.
func (c *canvas) shape(line string) error {
	f := strings.Fields(line)
	kind, mirrored := strings.CutSuffix(f[0], "*")
	p, col, err := outline(kind, f[1:])
	if err != nil {
		return err
	}
	c.fill(p, col)
	if mirrored {
		c.fill(p.mirror(), col)
	}
	return nil
}

// outline turns a shape into a path to fill.
func outline(kind string, f []string) (path, color.NRGBA, error) {
	switch kind {
	case "e", "r":
		last := len(f) - 1
		v, err := numbers(f[:last])
		if err != nil {
			return nil, color.NRGBA{}, err
		}
		col, err := colour(f[last])
		if err != nil {
			return nil, color.NRGBA{}, err
		}
		switch {
		case kind == "e" && len(v) == 4:
			return ellipse(v[0], v[1], v[2], v[3]), col, nil
		case kind == "r" && len(v) == 5:
			return roundRect(v[0], v[1], v[2], v[3], v[4]), col, nil
		}
	case "p":
		col, err := colour(f[0])
		if err != nil {
			return nil, col, err
		}
		p, err := parsePath(f[1:])
		return p, col, err
	case "s":
		width, err := strconv.ParseFloat(f[0], 64)
		if err != nil {
			return nil, color.NRGBA{}, err
		}
		col, err := colour(f[1])
		if err != nil {
			return nil, col, err
		}
		p, err := parsePath(f[2:])
		return p.stroke(width), col, err
	}
	return nil, color.NRGBA{}, errors.New("unknown shape or wrong number of values")
}

func numbers(f []string) ([]float64, error) {
	out := make([]float64, len(f))
	for i, s := range f {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// colour reads #rrggbb or #rrggbbaa.
func colour(s string) (color.NRGBA, error) {
	hex, ok := strings.CutPrefix(s, "#")
	if len(hex) == 6 {
		hex += "ff"
	}
	v, err := strconv.ParseUint(hex, 16, 32)
	if !ok || err != nil || len(hex) != 8 {
		return color.NRGBA{}, fmt.Errorf("%q is no colour", s)
	}
	return color.NRGBA{uint8(v >> 24), uint8(v >> 16), uint8(v >> 8), uint8(v)}, nil
}
