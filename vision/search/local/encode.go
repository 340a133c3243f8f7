package local

import (
	"encoding/binary"
	"fmt"
	"math"

	"waggle/vision/search/index"
)

// A description as bytes, little endian:
//
//	version, w, h uint8, width uint16, h*w rows of width int8,
//	points uint16, each x, y, size, angle uint16 and 128 int8

// Version changes with anything that makes descriptions of before and after
// incomparable: what is looked at, or how it is written.
const Version = 1

const (
	cellsHead = 1 + 1 + 1 + 2
	pointSize = 4*2 + descWidth
	maxPoints = 1024
)

// Append adds the description to b: some 28 kB for the built-in network and
// KeptPoints points.
func (d *Description) Append(b []byte) []byte {
	b = append(b, Version, byte(d.w), byte(d.h))
	b = binary.LittleEndian.AppendUint16(b, uint16(d.width))
	row := index.Stride(d.width)
	for at := range d.w * d.h {
		for _, v := range d.cells[at*row : at*row+d.width] {
			b = append(b, byte(v))
		}
	}
	n := min(len(d.points), maxPoints)
	b = binary.LittleEndian.AppendUint16(b, uint16(n))
	for i := range d.points[:n] {
		p := &d.points[i]
		for _, v := range [4]float32{p.x, p.y, p.size, p.angle / (2 * math.Pi)} {
			b = binary.LittleEndian.AppendUint16(b, uint16(math.Round(float64(min(max(0, v), 1))*math.MaxUint16)))
		}
		for _, v := range p.desc {
			b = append(b, byte(v))
		}
	}
	return b
}

// Parse reads what Append wrote. All lengths are checked before memory is
// taken. Errors: ErrDescription.
func Parse(b []byte) (*Description, error) {
	if len(b) < cellsHead+2 || b[0] != Version {
		return nil, fmt.Errorf("%w: another version, or cut off", ErrDescription)
	}
	d := &Description{w: int(b[1]), h: int(b[2]), width: int(binary.LittleEndian.Uint16(b[3:]))}
	b = b[cellsHead:]
	n := d.w * d.h
	if d.w > maxSide || d.h > maxSide || d.width > maxWidth || len(b) < n*d.width+2 {
		return nil, fmt.Errorf("%w: its cells are cut off", ErrDescription)
	}
	cells, b := b[:n*d.width], b[n*d.width:]
	count := int(binary.LittleEndian.Uint16(b))
	if b = b[2:]; count > maxPoints || len(b) != count*pointSize {
		return nil, fmt.Errorf("%w: its points are cut off", ErrDescription)
	}
	row := index.Stride(d.width)
	d.cells = make([]int8, n*row)
	for i, v := range cells {
		d.cells[i/d.width*row+i%d.width] = int8(v)
	}
	d.points = make([]point, count)
	for i := range d.points {
		d.points[i].parse(b[i*pointSize:])
	}
	return d, nil
}

func (p *point) parse(b []byte) {
	share := func(i int) float32 { return float32(binary.LittleEndian.Uint16(b[2*i:])) / math.MaxUint16 }
	p.x, p.y, p.size, p.angle = share(0), share(1), share(2), share(3)*2*math.Pi
	for i, v := range b[8:pointSize] {
		p.desc[i] = int8(v)
	}
}
