// Package inspect puts the eyes together: intake, quality, item, damage and
// colour of one photo, against the listing's photos where there are any. It
// imports vision and everything below it; the gateway's doors see it through
// small interfaces of their own.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/damage"
	"waggle/vision/opencv"
	"waggle/vision/quality"
)

// Options bound the eyes. The zero value is right for two cores.
type Options struct {
	// Parallel is how many photos are looked at and decoded at once; default
	// half the cores, so that calls keep the rest.
	Parallel int
	// Limits of the intake; default vision.DefaultLimits.
	Limits *vision.Limits
	// Model is the path of another damage network's card; default the built-in
	// one.
	Model string
	// Cards name networks that may be dropped in, by kind: a detector that finds
	// the item, a pair that reads screenshots.
	Cards map[card.Kind]string
	// Trace is told the name of each stage when it is over; nil for nobody. It is
	// for measuring, one photo at a time.
	Trace func(stage string)
}

// workSide is the size at which item, damage and listing are compared.
const workSide = 640

// Inspector looks at photos. It is safe for concurrent use and keeps to its
// bounds: whoever comes beyond them waits as long as the context lasts.
type Inspector struct {
	intake *vision.Intake
	slots  chan struct{}
	damage *damage.Detector
	extra  dropIns
	over   func(stage string)
	listed *listed
}

// Open loads the network once.
func Open(o Options) (*Inspector, error) {
	if o.Parallel <= 0 {
		o.Parallel = max(1, runtime.NumCPU()/2)
	}
	if o.Trace == nil {
		o.Trace = func(string) {}
	}
	limits := vision.DefaultLimits()
	if o.Limits != nil {
		limits = *o.Limits
	}
	net, err := open(o)
	if err != nil {
		return nil, err
	}
	extra, err := openDropIns(o.Cards, card.Options{Slots: o.Parallel, Threads: 1})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("inspect: %w", err), net.Close())
	}
	return &Inspector{
		intake: vision.NewIntake(limits, 4*o.Parallel, o.Parallel),
		slots:  make(chan struct{}, o.Parallel),
		damage: net,
		extra:  extra,
		over:   o.Trace,
		listed: newListed(),
	}, nil
}

func open(o Options) (*damage.Detector, error) {
	if o.Model != "" {
		return damage.Open(o.Model, o.Parallel, 1)
	}
	return damage.OpenBuiltin(o.Parallel, 1)
}

// Close frees the networks; no Inspect may be running.
func (in *Inspector) Close() error { return errors.Join(in.damage.Close(), in.extra.close()) }

// Intake decodes photos with the Inspector's bounds.
func (in *Inspector) Intake() *vision.Intake { return in.intake }

// enter waits for a slot as long as the context lasts; leave gives it back.
func (in *Inspector) enter(ctx context.Context) error {
	select {
	case in.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("inspect: %w", ctx.Err())
	}
}

func (in *Inspector) leave() { <-in.slots }

// Inspect looks at one photo. listing are the product's own photos and may be
// empty. A photo that cannot be judged is no error: the report says so.
func (in *Inspector) Inspect(ctx context.Context, photo vision.Image, listing []vision.Image) (vision.Report, error) {
	if err := in.enter(ctx); err != nil {
		return vision.Report{}, err
	}
	defer in.leave()
	work := photo.Fit(workSide)
	item, _, err := opencv.Item(work)
	if err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	if item, err = in.extra.narrowed(ctx, work, item); err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	in.over("item")
	grainy := photo.Fit(signSide) // twice the side of quality's copy, whose pixels are means of these
	r := vision.Report{Quality: quality.Assess(grainy, item), Item: scaled(item.Bounds(), work, photo)}
	in.over("quality")
	shown, err := in.listed.all(listing)
	if err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	over, err := layOver(work, shown)
	if err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	in.over("laying over")
	if r.Damage, err = in.lookForDamage(ctx, photo, work, item, over); err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	in.over("damage")
	if r.Numbers, err = in.extra.numbers(ctx, photo, r.Quality); err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	if r.Signs, err = signs(photo, grainy); err != nil {
		return vision.Report{}, fmt.Errorf("inspect: %w", err)
	}
	in.over("signs")
	clear := r.Quality.Label == vision.LabelOK
	if !clear { // nothing is claimed from a photo that must be taken again
		r.Damage.Label, r.Damage.Spots, r.Damage.Places = vision.LabelCannotSee, []vision.Finding{}, vision.Mask{}
	}
	if len(listing) > 0 {
		seen := looked{work: work, item: item}
		if clear {
			err = seen.take(photo.Profile)
		}
		if err = errors.Join(err, compareColour(&r, seen, shown, over)); err != nil {
			return vision.Report{}, fmt.Errorf("inspect: %w", err)
		}
		in.over("colour")
	}
	return r, nil
}

// InspectFile decodes and inspects a file.
func (in *Inspector) InspectFile(ctx context.Context, path string) ([]vision.Finding, error) {
	photo, err := in.DecodeFile(ctx, path)
	if err != nil {
		return nil, err
	}
	r, err := in.Inspect(ctx, photo, nil)
	return r.Findings(), err
}

// DecodeFile reads a photo from the disk through the intake.
func (in *Inspector) DecodeFile(ctx context.Context, path string) (vision.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return vision.Image{}, err
	}
	defer f.Close()
	return in.intake.Decode(ctx, f)
}

// scaled moves a box from one size of the photo to another.
func scaled(b vision.Box, from, to vision.Image) vision.Box {
	out := vision.Box{X: b.X * to.W / from.W, Y: b.Y * to.H / from.H}
	out.W, out.H = (b.X+b.W)*to.W/from.W-out.X, (b.Y+b.H)*to.H/from.H-out.Y
	return out
}
