// Package flow holds the procedures of a shop's service desk: one small file
// for each, made of the same few kinds of steps. It may import dialog,
// dialog/nlu, dialog/knowledge and shop.
package flow

import (
	"context"
	"fmt"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// Standard returns all flows that ship, answering questions from the library.
func Standard(base *knowledge.Library) []dialog.Flow {
	flows := []dialog.Flow{
		parcel(), orderStatus(), hurry(), cancelOrder(), addressChange(), invoice(), pay(base),
		refundProgress(), takePhoto(),
		productQuestion(), price(), stock(), size(),
		complaint(), insult(),
	}
	flows = append(flows, claims(refund(), returnGoods(), exchange(), damaged(), colour(), missing(), wrongItem())...)
	flows = append(flows, faq(base)...)
	flows = append(flows, manners()...)
	return append(flows, calls()...)
}

// claims marks ways to settle one grievance.
func claims(flows ...dialog.Flow) []dialog.Flow {
	for i := range flows {
		flows[i].Claim = true
	}
	return flows
}

// Open makes an engine with the standard flows and the built-in understanding,
// over the shop of the options and its question base alone.
func Open(ctx context.Context, o dialog.Options) (*dialog.Engine, error) {
	l, err := OpenLibrary(ctx, o.Shop, nil)
	if err != nil {
		return nil, err
	}
	return OpenWith(ctx, o, l)
}

// OpenLibrary joins the shop's question base with what was imported and pinned.
func OpenLibrary(ctx context.Context, s shop.Handbook, keep knowledge.Keeper) (*knowledge.Library, error) {
	articles, err := s.Articles(ctx)
	if err != nil {
		return nil, fmt.Errorf("dialog: read the question base: %w", err)
	}
	return knowledge.Open(ctx, articles, keep)
}

// OpenWith is Open with a library that may change while the engine runs.
func OpenWith(ctx context.Context, o dialog.Options, l *knowledge.Library) (*dialog.Engine, error) {
	if o.Understander == nil {
		u, err := nlu.Open()
		if err != nil {
			return nil, fmt.Errorf("dialog: %w", err)
		}
		o.Understander = u
	}
	if o.Flows == nil {
		o.Flows = Standard(l)
	}
	return dialog.NewEngine(ctx, o)
}
