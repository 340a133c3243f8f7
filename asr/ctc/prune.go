package ctc

import "math"

// buckets is how finely scores are sorted when there are too many hypotheses.
const buckets = 256

// prune keeps the hypotheses inside the beam, at most about Tokens of them,
// the best one first.
func (d *Decoder) prune() {
	limit := d.crowdLimit()
	d.active = d.active[:0]
	best := 0
	for i := range d.next.tokens {
		t := &d.next.tokens[i]
		if t.best < limit {
			continue
		}
		if len(d.active) > 0 && t.best > d.active[best].best {
			best = len(d.active)
		}
		d.active = append(d.active, *t)
	}
	if len(d.active) > 0 {
		d.active[0], d.active[best] = d.active[best], d.active[0]
	}
}

// crowdLimit is the score below which hypotheses are dropped: the beam, or
// more where it holds too many (histogram pruning; Steinbiss, Tran, Ney, ICSLP
// 1994).
func (d *Decoder) crowdLimit() float32 {
	if len(d.next.tokens) <= d.set.Tokens {
		return d.limit
	}
	clear(d.counts[:])
	scale := buckets / d.set.Beam
	for i := range d.next.tokens {
		if t := &d.next.tokens[i]; t.best >= d.limit {
			d.counts[min(int((d.top-t.best)*scale), buckets-1)]++
		}
	}
	kept := 0
	for i, n := range d.counts {
		kept += int(n)
		if kept > d.set.Tokens {
			return d.top - float32(i+1)/scale
		}
	}
	return d.limit
}

// logTable holds ln(1+e^-x) for x in steps of 1/logSteps.
const (
	logSteps = 128
	logReach = 10
)

var logTable = func() (t [logReach*logSteps + 1]float32) {
	for i := range t {
		t[i] = float32(math.Log1p(math.Exp(-float64(i) / logSteps)))
	}
	return t
}()

// logAdd is ln(e^a + e^b), to about 0.003.
func logAdd(a, b float32) float32 {
	if a < b {
		a, b = b, a
	}
	x := a - b
	if b <= never || x >= logReach {
		return a
	}
	return a + logTable[int(x*logSteps)]
}
