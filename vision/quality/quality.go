// Package quality tells whether a photo is good enough to be judged and, if
// not, how to take a better one. It is pure arithmetic on decoded pixels and
// imports vision's plain types only.
package quality

import (
	"math"

	"waggle/vision"
)

// Thresholds, chosen on photos that people took of clothes and groceries so
// that hardly any good one is refused; see `waggle eval quality`.
const (
	blurred    = 0.02 // Measures.Sharpness below it
	dark       = 0.16 // Measures.Brightness below it
	overClip   = 0.12 // Measures.Clipped above it
	overBright = 0.90 // and Brightness above it
	flat       = 0.60 // Measures.Flat above it
	drawn      = 0.15 // and Sharpness above it: a blurred photo is flat too
	smallest   = 200  // pixels of the longer side of the file
	mirrored   = 0.05 // Measures.Glare above it: less hides little
	mirrors    = 0.60 // part of Measures.Clipped that is Glare: then it is not the exposure
)

// Measures are what the label is decided by.
type Measures struct {
	// Sharpness is the share of fine detail in all detail, of the sharpest
	// tiles of the item.
	Sharpness float64
	// Brightness is the 90th percentile of the item's luma, from 0 to 1.
	Brightness float64
	// Clipped is the part of the item with a luma of 250 and more.
	Clipped float64
	// Flat is the part of the picture whose pixels equal their neighbours, as in
	// drawn screens and hardly ever behind a lens.
	Flat float64
	// Glare is the part of the item that one mirrored light has wiped out.
	Glare float64
}

// Assess measures a photo and puts the worst problem into words. item may be
// empty: then the middle counts.
func Assess(m vision.Image, item vision.Mask) vision.Quality {
	x := Measure(m, item)
	label := x.label(max(m.SourceW, m.SourceH))
	return vision.Quality{
		Label: label, Advice: Advice(label),
		Sharpness: round(x.Sharpness), Brightness: round(x.Brightness), Clipped: round(x.Clipped), Flat: round(x.Flat), Glare: round(x.Glare),
		Width: m.SourceW, Height: m.SourceH,
	}
}

func (x Measures) label(side int) string {
	switch {
	case x.Brightness < dark:
		return vision.LabelDark
	case x.Flat > flat && x.Sharpness > drawn:
		return vision.LabelNotAPhoto
	case x.Glare > mirrored && x.Glare > mirrors*x.Clipped && x.Sharpness >= blurred:
		return vision.LabelGlare
	case x.Clipped > overClip && x.Brightness > overBright:
		return vision.LabelOverexposed
	case side < smallest:
		return vision.LabelSmall
	case x.Sharpness < blurred:
		return vision.LabelBlurred
	case x.Glare > mirrored:
		return vision.LabelGlare
	}
	return vision.LabelOK
}

// Advice tells a buyer in Mandarin what to do better; empty for a good photo.
func Advice(label string) string {
	switch label {
	case vision.LabelBlurred:
		return "照片有点模糊，请拿稳手机，对准商品再拍一张。"
	case vision.LabelDark:
		return "照片太暗了，请到亮一点的地方或者打开灯再拍一张。"
	case vision.LabelOverexposed:
		return "照片过亮看不清，请避开强光再拍一张。"
	case vision.LabelGlare:
		return "商品上有反光，请换个角度、避开灯光再拍一张。"
	case vision.LabelSmall:
		return "图片太小看不清，请发送原图或者靠近一点再拍一张。"
	case vision.LabelNotAPhoto:
		return "这像是一张截图，请直接拍一张商品的照片发过来。"
	}
	return ""
}

func round(v float64) float64 { return math.Round(v*10000) / 10000 }
