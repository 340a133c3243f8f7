package main

import (
	"errors"
	"math"
)

// point is a place on the picture, y downwards.
type point struct{ x, y float64 }

// path is a set of closed polygons; curves are flattened when they are read.
type path [][]point

// flat is how many straight pieces a curve becomes.
const flat = 32

// parsePath reads the commands M, L, Q, C and Z with absolute coordinates, as
// in SVG.
func parsePath(f []string) (path, error) {
	var p path
	for i := 0; i < len(f); {
		letter, rest := f[i][0], f[i][1:]
		need := map[byte]int{'M': 2, 'L': 2, 'Q': 4, 'C': 6, 'Z': 0}[letter]
		if letter != 'Z' && need == 0 || i+max(1, need) > len(f) {
			return nil, errors.New("unknown or unfinished path command")
		}
		v, err := numbers(append([]string{rest}, f[i+1:i+max(1, need)]...)[:need])
		if err != nil {
			return nil, err
		}
		if p, err = p.command(letter, v); err != nil {
			return nil, err
		}
		i += max(1, need)
	}
	return p, nil
}

func (p path) command(letter byte, v []float64) (path, error) {
	if letter == 'M' {
		return append(p, []point{{v[0], v[1]}}), nil
	}
	if len(p) == 0 {
		return nil, errors.New("a path begins with M")
	}
	line := &p[len(p)-1]
	from := (*line)[len(*line)-1]
	switch letter {
	case 'L':
		*line = append(*line, point{v[0], v[1]})
	case 'Q': // as a cubic
		c, to := point{v[0], v[1]}, point{v[2], v[3]}
		*line = append(*line, curve(from, mix(from, c, 2./3), mix(to, c, 2./3), to)...)
	case 'C':
		*line = append(*line, curve(from, point{v[0], v[1]}, point{v[2], v[3]}, point{v[4], v[5]})...)
	}
	return p, nil
}

func mix(a, b point, t float64) point { return point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// curve flattens a cubic Bézier curve, without its first point.
func curve(a, b, c, d point) []point {
	out := make([]point, flat)
	for i := range out {
		t := float64(i+1) / flat
		ab, bc, cd := mix(a, b, t), mix(b, c, t), mix(c, d, t)
		out[i] = mix(mix(ab, bc, t), mix(bc, cd, t), t)
	}
	return out
}

func ellipse(cx, cy, rx, ry float64) path {
	const pieces = 96
	line := make([]point, pieces)
	for i := range line {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / pieces)
		line[i] = point{cx + rx*cos, cy + ry*sin}
	}
	return path{line}
}

func roundRect(x, y, w, h, r float64) path {
	r = min(r, w/2, h/2)
	var line []point
	for corner, c := range []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}} {
		for i := range flat {
			sin, cos := math.Sincos(math.Pi / 2 * (float64(corner) + float64(i)/(flat-1)))
			line = append(line, point{c.x + r*cos, c.y + r*sin})
		}
	}
	return path{line}
}

// stroke is the outline of the path as a line with round ends.
func (p path) stroke(width float64) path {
	var out path
	for _, line := range p {
		for i, a := range line {
			out = append(out, ellipse(a.x, a.y, width/2, width/2)[0])
			if i == 0 {
				continue
			}
			b := line[i-1]
			length := math.Hypot(a.x-b.x, a.y-b.y)
			if length == 0 {
				continue
			}
			nx, ny := (b.y-a.y)/length*width/2, (a.x-b.x)/length*width/2
			out = append(out, []point{{b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}, {a.x + nx, a.y + ny}})
		}
	}
	return out
}

func (p path) mirror() path {
	out := make(path, len(p))
	for i, line := range p {
		out[i] = make([]point, len(line))
		for k, a := range line {
			out[i][k] = point{side - a.x, a.y}
		}
	}
	return out
}
