package paraformer

// integrator is continuous integrate-and-fire over rows as they come (Dong and
// Xu, "CIF: Continuous Integrate-and-Fire for End-to-End Speech Recognition",
// ICASSP 2020): rows are summed by their weights until those reach one; then
// the sum is the embedding of a token, and what is left of the row begins the
// next one.
type integrator struct {
	weight float32
	sum    []float32
	begun  int // row at which weight grew noticeable, -1 before
}

// firing is where a token was found, in rows of the utterance.
type firing struct{ first, last int }

// noticeable is the weight from which a row counts as part of a token; below
// it lies what silence weighs. Less than half a token before a pause belongs to
// none.
const (
	noticeable = 0.05
	half       = 0.5
)

func newIntegrator(width int) *integrator { return &integrator{sum: make([]float32, width), begun: -1} }

func (c *integrator) reset() {
	c.weight, c.begun = 0, -1
	clear(c.sum)
}

func (c *integrator) copyFrom(o *integrator) {
	c.weight, c.begun = o.weight, o.begun
	copy(c.sum, o.sum)
}

// add takes a row of the encoder, its weight and its number, and reports
// whether a token was completed, whose embedding is then appended.
func (c *integrator) add(row []float32, alpha float32, at int, embeds []float32) ([]float32, firing, bool) {
	switch {
	case alpha >= noticeable && c.begun < 0:
		c.begun = at
	case alpha < noticeable && c.weight < half:
		c.begun = -1 // what was left of the last token is not the next one's beginning
	}
	if c.weight+alpha < 1 {
		c.weight += alpha
		for i, v := range row {
			c.sum[i] += v * alpha
		}
		return embeds, firing{}, false
	}
	rest := 1 - c.weight
	for i, v := range row {
		c.sum[i] += v * rest
	}
	embeds = append(embeds, c.sum...)
	token := firing{first: at, last: at}
	if c.begun >= 0 {
		token.first = c.begun
	}
	c.weight += alpha - 1
	for i, v := range row {
		c.sum[i] = v * c.weight
	}
	if c.begun = -1; c.weight >= noticeable {
		c.begun = at
	}
	return embeds, token, true
}
