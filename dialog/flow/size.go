package flow

import (
	"context"
	"strconv"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
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
		if e, ok := sc.Heard.Entity(nlu.SizeOf); ok {
			return e.Value
		}
		return shoeNumber(sc.Heard.Text, sc.Answering)
	}
	if e, ok := sc.Heard.Entity(nlu.Height); ok {
		sc.Set("height", e.Value)
	}
	if e, ok := sc.Heard.Entity(nlu.Weight); ok {
		sc.Set("weight", e.Value)
	}
	if sc.Slot("height") != "" && sc.Slot("weight") != "" {
		return sc.Slot("height") + "/" + sc.Slot("weight")
	}
	return ""
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

func tellSize(ctx context.Context, sc *dialog.Scene) error {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if err != nil {
		return err
	}
	src := fromProduct(p)
	if sc.Slot("shoes") != "" {
		for _, r := range p.SizeChart {
			if r.Size == sc.Slot("body") {
				sc.Say(src, "%s是标准码，平时穿%s码就选%s码，适合脚长%s毫米。", text(p.Name), text(r.Size), text(r.Size), count(r.Foot))
				return nil
			}
		}
		sc.Say(src, "%s没有%s码。", text(p.Name), text(sc.Slot("body")))
		return nil
	}
	height, _ := strconv.Atoi(sc.Slot("height"))
	weight, _ := strconv.Atoi(sc.Slot("weight"))
	best, ok := fit(p.SizeChart, height, weight)
	if !ok {
		sc.Say(src, "按身高%s厘米、体重%s公斤，%s没有合适的尺码。", count(height), count(weight), text(p.Name))
		return nil
	}
	sc.Say(src, "身高%s厘米、体重%s公斤，%s建议选%s码。", count(height), count(weight), text(p.Name), text(best.Size))
	return nil
}

// fit picks the row for a body. Weight decides, because what is too narrow
// cannot be worn; height only chooses among rows that are wide enough.
func fit(chart []shop.SizeRow, height, weight int) (shop.SizeRow, bool) {
	for _, r := range chart {
		if weight <= r.MaxWeight && height <= r.MaxHeight {
			return r, true
		}
	}
	for _, r := range chart {
		if weight <= r.MaxWeight {
			return r, true
		}
	}
	return shop.SizeRow{}, false
}
