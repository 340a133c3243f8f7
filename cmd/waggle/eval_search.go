package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/measure"
	"waggle/vision/search"
	searchmeasure "waggle/vision/search/measure"
)

// searchEval is the flags of eval search.
type searchEval struct {
	manifest, root, details, model, calibrate, on string
	asJSON, plain                                 bool
}

// evalSearchCommand measures how well products are found by photo.
func evalSearchCommand() *cobra.Command {
	var e searchEval
	c := &cobra.Command{
		Use:   "search",
		Short: "Search by photo: recall, and choice among the products of an order (path product split)",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return e.run(c.Context(), c.OutOrStdout()) },
	}
	c.Flags().StringVar(&e.manifest, "manifest", "", "tab-separated list with a header; split is gallery or query")
	c.Flags().StringVar(&e.root, "root", "", "folder that the paths of the manifest start in")
	c.Flags().StringVar(&e.details, "details", "", "write one line per query to this file")
	c.Flags().StringVar(&e.model, "model", "", "card of another embedding network; default the built-in one")
	c.Flags().StringVar(&e.calibrate, "calibrate", "", "fit how sure the network with this card may be on the manifest, and write it into the card")
	c.Flags().StringVar(&e.on, "on", "", "with --calibrate: what the manifest holds, for the card")
	c.Flags().BoolVar(&e.asJSON, "json", false, "print one JSON object on one line")
	c.Flags().BoolVar(&e.plain, "plain", false, "without the comparison place by place and point by point")
	return c
}

func (e searchEval) run(ctx context.Context, w io.Writer) (err error) {
	if e.calibrate != "" && e.model != "" {
		return usagef("--calibrate names the card itself; leave --model out")
	}
	set, err := e.read()
	if err != nil {
		return err
	}
	d, err := openDescriber(e.model+e.calibrate, card.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	open := func(_ context.Context, path string) (vision.Image, error) { return decodeFile(path) }
	f, err := search.Open(d, search.Options{Plain: e.plain})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	p, err := f.Import(ctx, searchmeasure.Gallery(set, open), nil)
	if err != nil || p.Failed > 0 {
		return errors.Join(err, p.Err)
	}
	m := searchmeasure.Eval{Finder: f, Weights: f.Weights(), Open: open}
	if e.calibrate != "" {
		return e.fit(ctx, w, m, set, d.Card())
	}
	sink, done, err := detailsFile(e.details)
	if err != nil {
		return err
	}
	r, err := m.Run(ctx, set, sink)
	if err = errors.Join(err, done()); err != nil {
		return err
	}
	return e.print(w, r)
}

// fit writes into the card how the parts of a score are mixed and, with that
// mixture, how sure a search may be.
func (e searchEval) fit(ctx context.Context, w io.Writer, m searchmeasure.Eval, set []searchmeasure.Photo, c card.Card) error {
	if !e.plain {
		mixture, err := m.Mix(ctx, set)
		if err != nil {
			return err
		}
		mixture.Into(&c)
		m.Finder.Use(mixture)
	}
	weights, n, err := m.Calibrate(ctx, set)
	if err != nil {
		return err
	}
	weights.Into(&c)
	c.CalibratedOn = fmt.Sprintf("%d photos: %s", n, e.on)
	if err := card.Write(e.calibrate, c); err != nil {
		return err
	}
	return e.print(w, c.Thresholds)
}

func (e searchEval) print(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	if !e.asJSON {
		enc.SetIndent("", "  ")
	}
	return enc.Encode(v)
}

func (e searchEval) read() ([]searchmeasure.Photo, error) {
	if e.manifest == "" {
		return nil, usagef("eval search needs --manifest FILE")
	}
	f, err := os.Open(e.manifest)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := measure.ReadManifest(f, e.root, []string{"path", "product", "split"}, []string{"path"})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.manifest, err)
	}
	out := make([]searchmeasure.Photo, len(rows))
	for i, r := range rows {
		if r["split"] != "gallery" && r["split"] != "query" {
			return nil, fmt.Errorf("%s: %w: split is gallery or query, not %q", e.manifest, measure.ErrManifest, r["split"])
		}
		out[i] = searchmeasure.Photo{Path: r["path"], Product: r["product"], Query: r["split"] == "query"}
	}
	return out, nil
}
