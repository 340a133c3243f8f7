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
)

// Standard returns all flows that ship. It reads the question base of the
// shop once.
func Standard(ctx context.Context, o dialog.Options) ([]dialog.Flow, error) {
	articles, err := o.Shop.Articles(ctx)
	if err != nil {
		return nil, fmt.Errorf("dialog: read the question base: %w", err)
	}
	base := knowledge.New(articles)
	flows := []dialog.Flow{
		parcel(), orderStatus(), hurry(), cancelOrder(), addressChange(), invoice(), pay(base),
		refundProgress(), takePhoto(),
		productQuestion(), price(), stock(), size(),
		complaint(), insult(),
	}
	flows = append(flows, claims(refund(), returnGoods(), exchange(), damaged(), colour(), missing(), wrongItem())...)
	flows = append(flows, faq(base)...)
	flows = append(flows, manners()...)
	return append(flows, calls()...), nil
}

// claims marks ways to settle one grievance.
func claims(flows ...dialog.Flow) []dialog.Flow {
	for i := range flows {
		flows[i].Claim = true
	}
	return flows
}

// Open makes an engine with the standard flows and the built-in understanding,
// over the shop of the options.
func Open(ctx context.Context, o dialog.Options) (*dialog.Engine, error) {
	if o.Understander == nil {
		u, err := nlu.Open()
		if err != nil {
			return nil, fmt.Errorf("dialog: %w", err)
		}
		o.Understander = u
	}
	if o.Flows == nil {
		flows, err := Standard(ctx, o)
		if err != nil {
			return nil, err
		}
		o.Flows = flows
	}
	return dialog.NewEngine(ctx, o)
}
