package flow

import (
	"context"
	"errors"
	"strconv"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
	shopoffer "waggle/shop/offer"
)

// size recommends a size from the shop's chart and the shopper's body.
func size() dialog.Flow {
	return dialog.Flow{
		Name:    "size",
		Intents: []nlu.Intent{nlu.Size},
		Steps: []dialog.Step{
			whichProduct,
			check(hasSizes),
			ask("body", askBody, readBody),
			act(tellSize),
		},
	}
}

func hasSizes(ctx context.Context, sc *dialog.Scene) (bool, error) {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if err != nil {
		return false, err
	}
	if len(p.SizeChart) == 0 {
		sc.Say(fromProduct(p), "%s不分尺码。", text(p.Name))
		return false, nil
	}
	if p.SizeChart[0].Foot > 0 {
		sc.Set("shoes", p.ID)
	}
	return true, nil
}

func askBody(sc *dialog.Scene) {
	if sc.Slot("shoes") != "" {
		sc.Ask(number(), itself("size"), "请问您平时穿多少码的鞋？")
		return
	}
	sc.Ask(number(), itself("size"), "请问您的身高和体重是多少？")
}

// readBody keeps height and weight, or the usual size of shoes; it is done
// when the chart can be read with them.
func readBody(sc *dialog.Scene) string {
	if sc.Slot("shoes") != "" {
		if foot := readFoot(sc); foot != "" {
			sc.Set("foot", foot)
			return foot
		}
		if e, ok := sc.Heard.Entity(nlu.SizeOf); ok {
			return e.Value
		}
		return shoeNumber(sc.Heard.Text, sc.Answering)
	}
	if e, ok := latest(sc.Heard, nlu.Height); ok {
		sc.Set("height", e.Value)
	}
	if e, ok := latest(sc.Heard, nlu.Weight); ok {
		sc.Set("weight", e.Value)
	}
	if sc.Slot("height") != "" && sc.Slot("weight") != "" {
		return sc.Slot("height") + "/" + sc.Slot("weight")
	}
	return ""
}

// latest is the entity of a kind that counts: the first, or the last one of a
// turn that puts itself right (体重160斤，打错了，是136斤).
func latest(u nlu.Understanding, kind nlu.Kind) (found nlu.Entity, ok bool) {
	for _, e := range u.Entities {
		if e.Kind == kind && (!ok || u.Correction) {
			found, ok = e, true
		}
	}
	return found, ok
}

// shoeNumber reads a bare number of two digits as an answer.
func shoeNumber(said string, answering bool) string {
	if !answering {
		return ""
	}
	for n := 34; n <= 46; n++ {
		if s := strconv.Itoa(n); sounds(said, []string{s}) {
			return s
		}
	}
	return ""
}

// tellSize reads the table by shop/offer and says what it says.
func tellSize(ctx context.Context, sc *dialog.Scene) error {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if err != nil {
		return err
	}
	advice, err := shopoffer.Size(p, bodyOf(sc))
	if errors.Is(err, shopoffer.ErrInput) { // no such body: nothing is made for it
		advice = shopoffer.Advice{Fit: shopoffer.FitNone}
	} else if err != nil {
		return err
	}
	switch {
	case sc.Slot("shoes") != "" && sc.Slot("foot") == "":
		tellUsual(sc, p, advice)
	case sc.Slot("shoes") != "":
		foot, _ := strconv.Atoi(sc.Slot("foot"))
		tellAdvice(sc, p, advice, "脚长%s毫米", count(foot))
	default:
		height, _ := strconv.Atoi(sc.Slot("height"))
		weight, _ := strconv.Atoi(sc.Slot("weight"))
		tellAdvice(sc, p, advice, "身高%s厘米、体重%s公斤", count(height), count(weight))
	}
	return nil
}

// bodyOf is what the shopper has told.
func bodyOf(sc *dialog.Scene) shopoffer.Body {
	if sc.Slot("shoes") != "" {
		foot, _ := strconv.Atoi(sc.Slot("foot"))
		return shopoffer.Body{Foot: foot, Usual: sc.Slot("body")}
	}
	height, _ := strconv.Atoi(sc.Slot("height"))
	weight, _ := strconv.Atoi(sc.Slot("weight"))
	return shopoffer.Body{Height: height, Weight: weight}
}

// tellUsual confirms the size of shoes that is worn usually.
func tellUsual(sc *dialog.Scene, p shop.Product, a shopoffer.Advice) {
	if a.Fit != shopoffer.FitGood {
		sc.Say(fromProduct(p), "%s没有%s码。", text(p.Name), text(sc.Slot("body")))
		return
	}
	for _, r := range p.SizeChart {
		if r.Size == a.Size {
			sc.Say(fromProduct(p), "%s是标准码，平时穿%s码就选%s码，适合脚长%s毫米。", text(p.Name), text(r.Size), text(r.Size), count(r.Foot))
		}
	}
}

// tellAdvice says which size a body gets; who is between two is told both.
func tellAdvice(sc *dialog.Scene, p shop.Product, a shopoffer.Advice, body string, measures ...dialog.Value) {
	say := func(sentence string, values ...dialog.Value) {
		sc.Say(fromProduct(p), body+sentence, append(measures, values...)...)
	}
	switch a.Fit {
	case shopoffer.FitGood:
		say("，%s建议选%s码。", text(p.Name), text(a.Size))
	case shopoffer.FitBetween:
		say("，%s在%s码和%s码之间，建议选%s码。", text(p.Name), text(a.Other), text(a.Size), text(a.Size))
	default:
		say("，%s没有合适的尺码。", text(p.Name))
	}
}
