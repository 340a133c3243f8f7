package ssml

import (
	"encoding/xml"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// attributes are those of one element that nobody has read yet.
type attributes map[string]string

func attributesOf(t xml.StartElement) (attributes, error) {
	a := attributes{}
	for _, x := range t.Attr {
		switch {
		case x.Name.Space == "xmlns":
			return nil, fmt.Errorf("<%s> names another vocabulary, %q", t.Name.Local, x.Value)
		case x.Name.Space == "" && x.Name.Local == "xmlns":
			if x.Value != namespace {
				return nil, fmt.Errorf("xmlns must be %q", namespace)
			}
			continue
		}
		if _, twice := a[x.Name.Local]; twice {
			return nil, fmt.Errorf("<%s> has %s twice", t.Name.Local, x.Name.Local)
		}
		a[x.Name.Local] = x.Value
	}
	return a, nil
}

func (a attributes) take(name string) (string, bool) {
	value, ok := a[name]
	delete(a, name)
	return value, ok
}

func (a attributes) ignore(names ...string) {
	for _, name := range names {
		delete(a, name)
	}
}

// leftOver complains about attributes that the element does not have.
func (a attributes) leftOver(element string) error {
	if len(a) == 0 {
		return nil
	}
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	return fmt.Errorf("<%s> has no attribute %s", element, strings.Join(names, ", "))
}

// duration reads 500ms and 1.5s.
func duration(written string) (time.Duration, error) {
	unit, number := time.Second, strings.TrimSuffix(written, "s")
	if ms, ok := strings.CutSuffix(written, "ms"); ok {
		unit, number = time.Millisecond, ms
	}
	n, ok := figure(number)
	if !ok || number == written {
		return 0, fmt.Errorf("%q is no time such as 500ms or 1.5s", written)
	}
	if d := n * float64(unit); d >= 0 && d <= float64(LongestBreak) {
		return time.Duration(d), nil
	}
	return 0, fmt.Errorf("a break lasts 0 to %v, not %s", LongestBreak, written)
}

// figure reads a plain decimal number; what else ParseFloat takes (1e9, 0x1,
// inf) is refused.
func figure(written string) (float64, bool) {
	if strings.Trim(written, "0123456789.+-") != "" {
		return 0, false
	}
	n, err := strconv.ParseFloat(written, 64)
	return n, err == nil
}

// The names of SSML for rates, pitches and volumes.
var (
	rates   = map[string]float64{"x-slow": 0.5, "slow": 0.75, "medium": 1, "default": 1, "fast": 1.25, "x-fast": 1.6}
	pitches = map[string]float64{"x-low": -5, "low": -2.5, "medium": 0, "default": 0, "high": 2.5, "x-high": 5}
	volumes = map[string]float64{"silent": Silent, "x-soft": -12, "soft": -6, "medium": 0, "default": 0, "loud": 3, "x-loud": 6}
)

// Bounds of what a style may become, nested elements together.
const (
	slowest, fastest = 0.5, 2 // times the normal tempo
	farthest         = 12     // semitones
	loudest          = 12     // dB
)

// prosody changes a style by the attributes of <prosody>.
func (s *Style) prosody(a attributes) error {
	if written, ok := a.take("rate"); ok {
		factor, ok := rateOf(written)
		if !ok {
			return fmt.Errorf("rate is a name such as slow, or 50%% to 200%%, or 0.5 to 2, or -50%% to +100%%, not %q", written)
		}
		s.Rate = float32(min(max(float64(s.Rate)*factor, slowest), fastest))
	}
	if written, ok := a.take("pitch"); ok {
		shift, ok := pitchOf(written)
		if !ok {
			return fmt.Errorf("pitch is a name such as low, or -12st to +12st, or -50%% to +100%%, not %q", written)
		}
		s.Pitch = float32(min(max(float64(s.Pitch)+shift, -farthest), farthest))
	}
	if written, ok := a.take("volume"); ok {
		gain, ok := volumeOf(written)
		if !ok {
			return fmt.Errorf("volume is a name such as soft, or -90dB to +12dB, not %q", written)
		}
		s.Gain = float32(min(max(float64(s.Gain)+gain, Silent), loudest))
	}
	return nil
}

// rateOf reads slow, 80% and 0.8, all of which multiply, and -20%, which is
// the same.
func rateOf(written string) (float64, bool) {
	if named, ok := rates[written]; ok {
		return named, true
	}
	factor, ok := ratio(written)
	if !strings.HasSuffix(written, "%") {
		factor, ok = figure(written)
	}
	return factor, ok && factor >= slowest && factor <= fastest
}

// ratio reads 120% as 1.2 and +20% as the same.
func ratio(written string) (float64, bool) {
	percent, ok := figure(strings.TrimSuffix(written, "%"))
	if !ok {
		return 0, false
	}
	if strings.HasPrefix(written, "+") || strings.HasPrefix(written, "-") {
		percent += 100
	}
	return percent / 100, true
}

// pitchOf is in semitones.
func pitchOf(written string) (float64, bool) {
	if named, ok := pitches[written]; ok {
		return named, true
	}
	if number, ok := strings.CutSuffix(written, "st"); ok {
		shift, ok := figure(number)
		return shift, ok && math.Abs(shift) <= farthest
	}
	signed := strings.HasPrefix(written, "+") || strings.HasPrefix(written, "-")
	factor, ok := ratio(written)
	if !ok || !signed || !strings.HasSuffix(written, "%") || factor < 0.5 || factor > 2 {
		return 0, false
	}
	return 12 * math.Log2(factor), true
}

// volumeOf is in dB.
func volumeOf(written string) (float64, bool) {
	if named, ok := volumes[written]; ok {
		return named, true
	}
	number, unit := strings.CutSuffix(written, "dB")
	gain, ok := figure(number)
	return gain, unit && ok && gain >= Silent && gain <= loudest
}
