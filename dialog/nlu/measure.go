package nlu

import (
	"regexp"
	"slices"
)

// measure is a question for a number of a ware that is no price: 多少瓦.
var (
	measure    = regexp.MustCompile(`(?:多少|几)个?(?:瓦|千瓦|毫安|毫升|升|厘米|公分|分贝|英?寸|匹|档)`)
	aboutPrice = regexp.MustCompile(`钱|价|[块元贵]`)
)

// ofMeasure takes a question for a measure as one about the product: what says
// 多少 is a price in most of what was learnt from.
func (u *Understander) ofMeasure(s side) side {
	c := &s.clause
	if c.Intent != Price && c.Intent != Usage && c.Intent != None || !measure.MatchString(c.Text) || aboutPrice.MatchString(c.Text) {
		return s
	}
	at := slices.Index(u.model.intents, ProductQuestion)
	if at < 0 {
		return s
	}
	c.Second, c.SecondScore = c.Intent, 1-measureScore
	c.Intent, c.Score, c.far = ProductQuestion, measureScore, 0
	for i := range s.p { // the rest share what is left
		s.p[i] *= 1 - measureScore
	}
	s.p[at] += measureScore
	return s
}

const measureScore = 0.9

// measureAndPrice tells that one clause asks for a measure and the other for a
// price: the words leave no doubt that they are two.
func measureAndPrice(a, b Clause) bool {
	asks := func(c Clause) bool { return c.Intent == ProductQuestion && measure.MatchString(c.Text) }
	return asks(a) && b.Intent == Price || a.Intent == Price && asks(b)
}
