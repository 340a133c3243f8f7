package fbank

import "math"

// Slaney's mel scale (Auditory Toolbox, 1998), which librosa took over: linear
// below 1,000 Hz, logarithmic above.
const (
	slaneyBend  = 1000.0
	slaneyWidth = 200.0 / 3 // Hz a mel below the bend
)

var slaneyLog = math.Log(6.4) / 27 // nepers a mel above it

// SlaneyHz is the frequency of a mel on Slaney's scale.
func SlaneyHz(mel float64) float64 {
	if bend := slaneyBend / slaneyWidth; mel > bend {
		return slaneyBend * math.Exp((mel-bend)*slaneyLog)
	}
	return mel * slaneyWidth
}

// SlaneyMel is the mel of a frequency on Slaney's scale.
func SlaneyMel(hz float64) float64 {
	if hz > slaneyBend {
		return slaneyBend/slaneyWidth + math.Log(hz/slaneyBend)/slaneyLog
	}
	return hz / slaneyWidth
}

// newSlaneyBank makes filters from 0 Hz to highHz whose corners lie evenly on
// Slaney's scale and whose sides are straight in Hz, each of area one.
func newSlaneyBank(bins int, highHz float64) *melBank {
	corner := make([]float64, bins+2)
	for i := range corner {
		corner[i] = SlaneyHz(SlaneyMel(highHz) * float64(i) / float64(bins+1))
	}
	b := &melBank{filters: make([]filter, bins)}
	for i := range b.filters {
		left, centre, right := corner[i], corner[i+1], corner[i+2]
		f := &b.filters[i]
		for k := range half {
			hz := float64(k) * Rate / size
			if hz <= left || hz >= right {
				continue
			}
			if len(f.weight) == 0 {
				f.first = k
			}
			f.weight = append(f.weight, min((hz-left)/(centre-left), (right-hz)/(right-centre))*2/(right-left))
		}
	}
	return b
}
