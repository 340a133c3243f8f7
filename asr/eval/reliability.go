package eval

import (
	"fmt"
	"io"
	"math"
)

// rightWithin is the share of a recording's characters that may be wrong in a
// reading that counts as right, which is what its confidence predicts.
const rightWithin = 0.2

// Right reports whether the recording was understood: at most a fifth of its
// characters wrong.
func (d Detail) Right() bool { return float64(d.Errors) <= rightWithin*float64(d.Chars) }

// Bin is the readings whose confidence lies in [From, To).
type Bin struct {
	From       float64 `json:"from"`
	To         float64 `json:"to"`
	N          int     `json:"n"`
	Confidence float64 `json:"confidence"` // mean
	Right      float64 `json:"right"`      // share
}

// Calibration tells whether confidence means what it says: the expected
// calibration error over ten bins (Guo et al., ICML 2017), the Brier score
// (Brier, 1950), the bins themselves.
type Calibration struct {
	ECE         float64 `json:"ece"`
	Brier       float64 `json:"brier"`
	Reliability []Bin   `json:"reliability,omitempty"`
}

const bins = 10

func calibration(details []Detail) Calibration {
	c := Calibration{Reliability: make([]Bin, bins)}
	for _, d := range details {
		p, right := float64(d.Confidence), 0.0
		if d.Right() {
			right = 1
		}
		b := &c.Reliability[min(int(p*bins), bins-1)]
		b.N++
		b.Confidence += p
		b.Right += right
		c.Brier += (p - right) * (p - right) / float64(len(details))
	}
	for i := range c.Reliability {
		b := &c.Reliability[i]
		b.From, b.To = float64(i)/bins, float64(i+1)/bins
		if b.N > 0 {
			b.Confidence /= float64(b.N)
			b.Right /= float64(b.N)
			c.ECE += float64(b.N) / float64(len(details)) * math.Abs(b.Confidence-b.Right)
		}
	}
	return c
}

// WriteSVG draws the reliability diagram: the share that was right over the
// confidence, a bar a bin, its opacity how many readings it holds, and the
// diagonal that a calibrated confidence follows.
func (c Calibration) WriteSVG(w io.Writer) error {
	const size, left, top = 360, 50, 20
	most := 1
	for _, b := range c.Reliability {
		most = max(most, b.N)
	}
	out := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
<rect width="100%%" height="100%%" fill="white"/>
<rect x="%d" y="%d" width="%d" height="%d" fill="none" stroke="#888"/>
`, size+left+20, size+top+50, left, top, size, size)
	for _, b := range c.Reliability {
		if b.N == 0 {
			continue
		}
		x, high := left+b.From*size, b.Right*size
		out += fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#2a6fb0" fill-opacity="%.2f"><title>%d readings</title></rect>
<text x="%.1f" y="%d" text-anchor="middle" fill="#555">%d</text>
`, x, top+size-high, size/float64(bins), high, 0.25+0.75*float64(b.N)/float64(most), b.N, x+size/(2.0*bins), size+top+15, b.N)
	}
	out += fmt.Sprintf(`<line x1="%d" y1="%d" x2="%d" y2="%d" stroke="#c33" stroke-dasharray="4 3"/>
<text x="%d" y="%d" text-anchor="middle">confidence 0 to 1 (below the bars: readings), ECE %.3f</text>
<text x="15" y="%d" text-anchor="middle" transform="rotate(-90 15 %d)">share right, 0 to 1</text>
</svg>
`, left, top+size, left+size, top, left+size/2, size+top+38, c.ECE, top+size/2, top+size/2)
	_, err := io.WriteString(w, out)
	return err
}
