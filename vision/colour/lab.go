// Package colour compares the colours of an item on two photos whose light is
// not the same and mostly not known. It is pure arithmetic on decoded pixels
// and imports vision's plain types only.
package colour

import "math"

// Lab is a colour in CIE 1976 L*a*b* under D65.
type Lab struct{ L, A, B float64 }

// Linear is a colour in linear light with sRGB's primaries, 1 is white.
type Linear [3]float64

// white point D65, 2 degrees, as sRGB uses it.
var white = [3]float64{0.95047, 1, 1.08883}

// linearOf decodes 8-bit sRGB (IEC 61966-2-1).
var linearOf = func() (t [256]float64) {
	for i := range t {
		v := float64(i) / 255
		if v <= 0.04045 {
			t[i] = v / 12.92
		} else {
			t[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return t
}()

// FromSRGB decodes one pixel.
func FromSRGB(r, g, b uint8) Linear { return Linear{linearOf[r], linearOf[g], linearOf[b]} }

// SRGB encodes to 8 bits; what lies outside is clipped.
func (c Linear) SRGB() (r, g, b uint8) {
	var out [3]uint8
	for i, v := range c {
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		out[i] = uint8(255*min(1, max(0, v)) + 0.5)
	}
	return out[0], out[1], out[2]
}

// Lab converts; values above 1 are allowed.
func (c Linear) Lab() Lab {
	x := 0.4124564*c[0] + 0.3575761*c[1] + 0.1804375*c[2]
	y := 0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2]
	z := 0.0193339*c[0] + 0.1191920*c[1] + 0.9503041*c[2]
	fx, fy, fz := cubeRoot(x/white[0]), cubeRoot(y/white[1]), cubeRoot(z/white[2])
	return Lab{L: 116*fy - 16, A: 500 * (fx - fy), B: 200 * (fy - fz)}
}

func cubeRoot(t float64) float64 {
	const d = 6.0 / 29
	if t > d*d*d {
		return math.Cbrt(t)
	}
	return t/(3*d*d) + 4.0/29
}

// Luminance is the Y of XYZ.
func (c Linear) Luminance() float64 { return 0.2126729*c[0] + 0.7151522*c[1] + 0.0721750*c[2] }

// CIEDE2000 is the colour difference of CIE 142-2001 with the parametric
// factors 1, exact in the sense of Sharma, Wu and Dalal (2005), whose 34 test
// pairs it meets to 1e-4.
func CIEDE2000(p, q Lab) float64 { return weighted(p, q, 1) }

// weighted is CIEDE2000 with kL, the weight of lightness: 2 halves it.
func weighted(p, q Lab, kL float64) float64 {
	c1, c2 := math.Hypot(p.A, p.B), math.Hypot(q.A, q.B)
	c7 := math.Pow((c1+c2)/2, 7)
	g := 0.5 * (1 - math.Sqrt(c7/(c7+6103515625))) // 25 to the 7th
	a1, a2 := (1+g)*p.A, (1+g)*q.A
	c1, c2 = math.Hypot(a1, p.B), math.Hypot(a2, q.B)
	h1, h2 := hue(p.B, a1), hue(q.B, a2)
	dL, dC, dH := q.L-p.L, c2-c1, hueDifference(c1, c2, h1, h2)
	l, c, h := (p.L+q.L)/2, (c1+c2)/2, meanHue(c1, c2, h1, h2)
	t := 1 - 0.17*cosd(h-30) + 0.24*cosd(2*h) + 0.32*cosd(3*h+6) - 0.20*cosd(4*h-63)
	sL := 1 + 0.015*(l-50)*(l-50)/math.Sqrt(20+(l-50)*(l-50))
	sC, sH := 1+0.045*c, 1+0.015*c*t
	c7 = math.Pow(c, 7)
	turn := 30 * math.Exp(-((h-275)/25)*((h-275)/25))
	rT := -2 * math.Sqrt(c7/(c7+6103515625)) * math.Sin(2*turn*math.Pi/180)
	x, y, z := dL/(kL*sL), dC/sC, dH/sH
	return math.Sqrt(max(0, x*x+y*y+z*z+rT*y*z))
}

// hue is the angle in degrees from 0 to 360; 0 for grey.
func hue(b, a float64) float64 {
	if a == 0 && b == 0 {
		return 0
	}
	h := math.Atan2(b, a) * 180 / math.Pi
	if h < 0 {
		h += 360
	}
	return h
}

func hueDifference(c1, c2, h1, h2 float64) float64 {
	if c1*c2 == 0 {
		return 0
	}
	d := h2 - h1
	if d > 180 {
		d -= 360
	} else if d < -180 {
		d += 360
	}
	return 2 * math.Sqrt(c1*c2) * math.Sin(d/2*math.Pi/180)
}

func meanHue(c1, c2, h1, h2 float64) float64 {
	switch {
	case c1*c2 == 0:
		return h1 + h2
	case math.Abs(h1-h2) <= 180:
		return (h1 + h2) / 2
	case h1+h2 < 360:
		return (h1 + h2 + 360) / 2
	}
	return (h1 + h2 - 360) / 2
}

func cosd(degrees float64) float64 { return math.Cos(degrees * math.Pi / 180) }
