// Package flow holds the procedures of a shop's service desk: one small file
// for each, made of the same few kinds of steps. It may import dialog,
// dialog/nlu, dialog/knowledge and shop.
package flow

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
	"waggle/shop"
)

// Native returns the flows that are written in Go: what reads and tells, what
// keeps a conversation going, and the calls that we make. Those that write are
// procedures in files (Procedures).
func Native(base *knowledge.Library) []dialog.Flow { return native(base, tool.Vocabulary{}) }

// native is Native with a merchant's words for yes and no.
func native(base *knowledge.Library, words tool.Vocabulary) []dialog.Flow {
	flows := []dialog.Flow{
		parcel(), orderStatus(), pay(base), refundProgress(), takePhoto(),
		productQuestion(), size(), insult(), care(), medical(base), bareName(),
	}
	flows = append(flows, claims(refund())...)
	flows = append(flows, faq(base)...)
	flows = append(flows, manners()...)
	return append(flows, calls(words)...)
}

// claims marks ways to settle one grievance.
func claims(flows ...dialog.Flow) []dialog.Flow {
	for i := range flows {
		flows[i].Claim = true
	}
	return flows
}

// Standard returns all flows over a shop: those in Go, and the procedures in
// files, with those of the merchant's folder in front; own may be nil.
func Standard(ctx context.Context, s shop.Shop, base *knowledge.Library, own fs.FS) ([]dialog.Flow, error) {
	policy, err := s.Policy(ctx)
	if err != nil {
		return nil, fmt.Errorf("dialog: read the shop's policy: %w", err)
	}
	words, err := Words(own)
	if err != nil {
		return nil, err
	}
	inGo := native(base, words)
	list, err := Procedures(own, inGo)
	if err != nil {
		return nil, err
	}
	return join(inGo, list, tool.NewWith(s, policy, words), base)
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

// OpenOwn is Open with a merchant's folder of procedures; own may be nil. With
// an understander that embeds texts, questions are found by meaning too.
func OpenOwn(ctx context.Context, o dialog.Options, own fs.FS) (*dialog.Engine, error) {
	l, err := OpenLibrary(ctx, o.Shop, nil)
	if err != nil {
		return nil, err
	}
	if err := ByMeaning(ctx, l, o.Understander); err != nil {
		return nil, err
	}
	if o.Flows, err = Standard(ctx, o.Shop, l, own); err != nil {
		return nil, err
	}
	return OpenWith(ctx, o, l)
}

// ByMeaning has the library searched by meaning as well, if the understander
// embeds texts.
func ByMeaning(ctx context.Context, l *knowledge.Library, u dialog.Understander) error {
	e, ok := u.(knowledge.Embedder)
	if !ok {
		return nil
	}
	if err := l.Embed(ctx, e); !errors.Is(err, nlu.ErrNoEncoder) {
		return err
	}
	return nil
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
		flows, err := Standard(ctx, o.Shop, l, nil)
		if err != nil {
			return nil, err
		}
		o.Flows = flows
	}
	if o.Guard.Names == nil {
		// A shop that does not answer now must not keep the phones down: the
		// guard knows no products then.
		if names, err := dialog.Catalogue(ctx, o.Shop); err == nil {
			o.Guard.Names = names
		} else if o.Log != nil {
			o.Log.Warn("product names are not checked in sentences until the next start", "err", err)
		}
	}
	return dialog.NewEngine(ctx, o)
}
