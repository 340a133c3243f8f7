package vision

import (
	"encoding/binary"
	"math"
)

// maxProfile caps an ICC profile; matrix profiles of cameras are below 4 kB.
const maxProfile = 256 << 10

// A matrixProfile is an ICC profile of three tone curves and a matrix to the
// D50 connection space (ICC.1:2010, annex F.3), such as Display P3, Adobe RGB
// and what phones write.
type matrixProfile struct {
	curve [3][256]float64 // device value to linear light
	toXYZ [3][3]float64   // columns red, green, blue
}

// sRGB's colorants adapted to D50 and the way back, as in the IEC 61966-2-1
// profile.
var (
	srgbToXYZ = [3][3]float64{
		{0.43607, 0.38515, 0.14307},
		{0.22249, 0.71687, 0.06061},
		{0.01392, 0.09708, 0.71410},
	}
	srgbFromXYZ = invert(srgbToXYZ)
)

// parseProfile reads an RGB matrix profile; ok is false for all others.
func parseProfile(b []byte) (p matrixProfile, ok bool) {
	if len(b) < 132 || string(b[16:20]) != "RGB " || string(b[20:24]) != "XYZ " || string(b[36:40]) != "acsp" {
		return p, false
	}
	tags := iccTags(b)
	for i, c := range []string{"r", "g", "b"} {
		xyz, curve := tags[c+"XYZ"], tags[c+"TRC"]
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return p, false
		}
		for row := range 3 {
			p.toXYZ[row][i] = fixed(xyz[8+4*row:])
		}
		if p.curve[i], ok = toneCurve(curve); !ok {
			return p, false
		}
	}
	return p, true
}

// iccTags cuts the tag table; entries that point outside are left out.
func iccTags(b []byte) map[string][]byte {
	tags := map[string][]byte{}
	n := int(min(binary.BigEndian.Uint32(b[128:]), 64))
	for i := range n {
		e := 132 + 12*i
		if e+12 > len(b) {
			break
		}
		at, size := uint64(binary.BigEndian.Uint32(b[e+4:])), uint64(binary.BigEndian.Uint32(b[e+8:]))
		if at+size <= uint64(len(b)) {
			tags[string(b[e:e+4])] = b[at : at+size]
		}
	}
	return tags
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// toneCurve samples a curveType or parametricCurveType at 256 points.
func toneCurve(b []byte) (out [256]float64, ok bool) {
	if len(b) < 12 {
		return out, false
	}
	var f func(float64) float64
	switch string(b[:4]) {
	case "curv":
		f, ok = sampledCurve(b[8:])
	case "para":
		f, ok = parametricCurve(b[8:])
	}
	if !ok {
		return out, false
	}
	for i := range out {
		y := f(float64(i) / 255)
		if math.IsNaN(y) {
			return out, false
		}
		out[i] = min(1, max(0, y))
	}
	return out, true
}

func sampledCurve(b []byte) (func(float64) float64, bool) {
	n := int(min(binary.BigEndian.Uint32(b), 1<<16))
	b = b[4:]
	if len(b) < 2*n {
		return nil, false
	}
	switch n {
	case 0:
		return func(x float64) float64 { return x }, true
	case 1:
		gamma := float64(binary.BigEndian.Uint16(b)) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }, true
	}
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) / 65535 }
	return func(x float64) float64 {
		pos := x * float64(n-1)
		i := min(int(pos), n-2)
		k := pos - float64(i)
		return at(i)*(1-k) + at(i+1)*k
	}, true
}

// parametricCurve follows table 64 of ICC.1:2010: the number of parameters
// and the shape depend on the function type.
func parametricCurve(b []byte) (func(float64) float64, bool) {
	kind := int(binary.BigEndian.Uint16(b))
	counts := []int{1, 3, 4, 5, 7}
	if kind >= len(counts) || len(b) < 4+4*counts[kind] {
		return nil, false
	}
	var p [7]float64
	for i := range counts[kind] {
		p[i] = fixed(b[4+4*i:])
	}
	g, a, bb, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch kind {
	case 0:
		a, d = 1, -1
	case 1:
		if a == 0 {
			return nil, false
		}
		d, c = -bb/a, 0
	case 2:
		if a == 0 {
			return nil, false
		}
		e, f, d, c = c, c, -bb/a, 0
	}
	return func(x float64) float64 {
		if x < d {
			return c*x + f
		}
		return math.Pow(a*x+bb, g) + e
	}, true
}

// isSRGB tells whether converting would change nothing that can be seen.
func (p matrixProfile) isSRGB() bool {
	for i := range 3 {
		for j := range 3 {
			if math.Abs(p.toXYZ[i][j]-srgbToXYZ[i][j]) > 0.003 {
				return false
			}
		}
		for v := 0; v < 256; v += 17 {
			if math.Abs(p.curve[i][v]-linear(float64(v)/255)) > 0.004 {
				return false
			}
		}
	}
	return true
}

// convert changes pixels from the profile's space to sRGB in place.
func (p matrixProfile) convert(pix []uint8) {
	m := multiply(srgbFromXYZ, p.toXYZ)
	const steps = 4095
	var encoded [steps + 1]uint8
	for i := range encoded {
		encoded[i] = uint8(255*companded(float64(i)/steps) + 0.5)
	}
	code := func(v float64) uint8 { return encoded[int(min(1, max(0, v))*steps+0.5)] }
	for i := 0; i+2 < len(pix); i += 3 {
		r, g, b := p.curve[0][pix[i]], p.curve[1][pix[i+1]], p.curve[2][pix[i+2]]
		pix[i] = code(m[0][0]*r + m[0][1]*g + m[0][2]*b)
		pix[i+1] = code(m[1][0]*r + m[1][1]*g + m[1][2]*b)
		pix[i+2] = code(m[2][0]*r + m[2][1]*g + m[2][2]*b)
	}
}

// linear is the sRGB decoding function (IEC 61966-2-1), companded its inverse.
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

func companded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

func multiply(a, b [3][3]float64) (m [3][3]float64) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				m[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return m
}

func invert(a [3][3]float64) (m [3][3]float64) {
	minor := func(r, c int) float64 {
		r1, r2, c1, c2 := (r+1)%3, (r+2)%3, (c+1)%3, (c+2)%3
		return a[r1][c1]*a[r2][c2] - a[r1][c2]*a[r2][c1]
	}
	det := a[0][0]*minor(0, 0) + a[0][1]*minor(0, 1) + a[0][2]*minor(0, 2)
	for i := range 3 {
		for j := range 3 {
			m[i][j] = minor(j, i) / det
		}
	}
	return m
}
