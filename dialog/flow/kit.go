package flow

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/dialog/sop"
	"waggle/dialog/tool"
	"waggle/shop"
)

//go:embed flows/*.yaml
var shipped embed.FS

// Files are the procedures that ship, as they are written.
func Files() fs.FS {
	dir, err := fs.Sub(shipped, "flows")
	if err != nil {
		panic("flow: the folder is embedded: " + err.Error())
	}
	return dir
}

// Shipped returns the procedures that ship.
func Shipped() ([]sop.Flow, error) { return sop.Read(Files()) }

// Procedures returns the shipped procedures with those of a merchant's folder
// in place of the ones of the same id; own may be nil. Nothing is returned
// unless every file is sound.
func Procedures(own fs.FS, native []dialog.Flow) ([]sop.Flow, error) {
	list, err := Shipped()
	if err != nil || own == nil {
		return list, err
	}
	theirs, err := sop.Read(own)
	if _, wrong := Words(own); wrong != nil || err != nil {
		return nil, errors.Join(err, wrong)
	}
	list = sop.Override(list, theirs)
	return list, sop.Check(list, Kit(nil, nil, native)).Err()
}

// Words are the words for yes and no of a merchant's folder; own may be nil.
func Words(own fs.FS) (tool.Vocabulary, error) {
	if own == nil {
		return tool.Vocabulary{}, nil
	}
	return sop.ReadWords(own)
}

// Kit is what procedures in files may refer to. tools may be nil where they
// are only looked at, and so may base; native are the flows in Go.
func Kit(tools *tool.Registry, base *knowledge.Library, native []dialog.Flow) sop.Kit {
	k := sop.Kit{
		Tools: tools, Readers: readers(), Deeds: deeds(base), Product: whichProduct, Caller: identified,
		See: see, Show: show, Sounds: sounds,
		Which: func(likely []string) dialog.Step {
			return whichOrder(func(o shop.Order) bool { return slices.Contains(likely, string(o.State)) })
		},
	}
	for _, f := range native {
		k.Flows = append(k.Flows, f.Name)
	}
	for _, i := range nlu.Intents() {
		k.Intents = append(k.Intents, string(i))
	}
	return k
}

// readers take values out of a turn that need more than a list of words.
func readers() map[string]sop.Reader {
	plain := func(read func(*dialog.Scene) string) sop.Reader {
		return func(_ context.Context, sc *dialog.Scene, _ string) string { return read(sc) }
	}
	return map[string]sop.Reader{
		"address": func(_ context.Context, sc *dialog.Scene, old string) string { return readAddress(sc, old) },
		"note":    func(_ context.Context, sc *dialog.Scene, old string) string { return readNote(sc, old) },
		"reason":  plain(readReason), "doubt": plain(readDoubt), "title": plain(readTitle), "tax": plain(readTaxID),
		"pieces": plain(readPieces), "broken": plain(readBroken), "part-back": plain(readPartBack), "count": plain(readCount), "place": plain(readPlace), "foot": plain(readFoot),
		"line": readLine, "part": readPart, "swapped": readSwapped, "going": readGoing, "want": readWanted, "instead": readInstead, "quantity": plain(readQuantity), "size": readSize, "colour": readColour, "other-product": readOther,
	}
}

// deeds tell of records in more ways than a text can.
func deeds(base *knowledge.Library) map[string]dialog.Step {
	return map[string]dialog.Step{
		"tell-state": act(func(ctx context.Context, sc *dialog.Scene) error {
			o, err := focus(ctx, sc)
			if err == nil {
				sayState(sc, o)
			}
			return err
		}),
		"upset":         upset,
		"order-total":   orderTotal,
		"tell-parcel":   tellParcel,
		"tell-refund":   act(tellRefund),
		"knowledge":     fromBase(base),
		"attribute":     byAttribute,
		"particular":    particular,
		"matching":      tellMatching,
		"compare":       tellDifference,
		"recommend":     recommend,
		"find-by-photo": findByPhoto,
	}
}

// show adds a card of what is in focus.
func show(ctx context.Context, sc *dialog.Scene, card string) error {
	if card == "product" {
		p, err := sc.Shop.Product(ctx, sc.State.Product)
		if err == nil {
			sc.Card(productCard(p))
		}
		return err
	}
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	if card == "order" {
		sc.Card(orderCard(o))
		return nil
	}
	p, ok, err := parcelOf(ctx, sc, o)
	if ok {
		sc.Card(parcelCard(o, p))
	}
	return err
}

// join puts the procedures beside the flows in Go. A procedure stands in for a
// flow of the same name, and takes the intents that it claims.
func join(native []dialog.Flow, list []sop.Flow, tools *tool.Registry, base *knowledge.Library) ([]dialog.Flow, error) {
	made, err := sop.Compile(list, Kit(tools, base, native))
	if err != nil {
		return nil, fmt.Errorf("dialog: %w", err)
	}
	claimed := make(map[nlu.Intent]bool)
	names := make(map[string]bool)
	for _, f := range made {
		names[f.Name] = true
		for _, i := range f.Intents {
			claimed[i] = true
		}
	}
	for _, f := range native {
		if names[f.Name] {
			continue
		}
		f.Intents = slices.DeleteFunc(slices.Clone(f.Intents), func(i nlu.Intent) bool { return claimed[i] })
		made = append(made, f)
	}
	return made, nil
}
