package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"waggle/vision"
	"waggle/vision/inspect"
)

// seen is one line of `waggle inspect --json`.
type seen struct {
	File     string           `json:"file"`
	Quality  vision.Quality   `json:"quality"`
	Damage   vision.Damage    `json:"damage"`
	Findings []vision.Finding `json:"findings"`
	Colour   *vision.Colour   `json:"colour,omitempty"`
	Signs    []vision.Sign    `json:"signs,omitempty"`
}

// inspection is what inspect is asked to do beside the photos.
type inspection struct {
	json, together bool
	listing        []string
	folder         string
	pics           evidencePictures
}

// inspectCommand looks at photos from the disk.
func inspectCommand() *cobra.Command {
	var o inspection
	c := &cobra.Command{
		Use:   "inspect PHOTO...",
		Short: "Look at photos: quality, damage and, with --listing, colour",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := o.pics.check(len(args), len(o.listing)); err != nil {
				return err
			}
			return o.photos(c.Context(), c.OutOrStdout(), args)
		},
	}
	c.Flags().BoolVar(&o.json, "json", false, "print one JSON object per photo")
	c.Flags().BoolVar(&o.together, "together", false, "the photos show one item: say at the end what they show together")
	c.Flags().StringArrayVar(&o.listing, "listing", nil, "a photo of the product's page to compare with; may be repeated")
	c.Flags().StringVar(&o.folder, "reference", "", "a folder of photos of the same product, intact, or a card of kind patchcore: to compare with where no --listing fits")
	c.Flags().StringVar(&o.pics.overlay, "overlay", "", "write a PNG with the findings drawn over the photo")
	c.Flags().StringVar(&o.pics.swatch, "swatch", "", "write a PNG with listing and photo side by side under one light, and their colours in pairs")
	return c
}

// photos looks at each photo against the listing's photos.
func (o inspection) photos(ctx context.Context, w io.Writer, paths []string) error {
	eyes, err := inspect.Open(inspect.Options{})
	if err != nil {
		return err
	}
	defer eyes.Close()
	var shown []vision.Image
	for _, path := range o.listing {
		m, err := eyes.DecodeFile(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		shown = append(shown, m)
	}
	var product *inspect.Product
	if o.folder != "" {
		if product, err = eyes.OpenProduct(ctx, o.folder); err != nil {
			return fmt.Errorf("--reference: %w", err)
		}
		defer product.Close()
	}
	var all []vision.Seen
	for _, path := range paths {
		r, err := o.photo(ctx, eyes, product, shown, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if err := printReport(w, path, r, o.json); err != nil {
			return err
		}
		all = append(all, vision.Seen{Photo: path, Findings: r.Findings()})
	}
	if o.together {
		return printTogether(w, all, o.json)
	}
	return nil
}

// photo looks at one and draws what was asked for.
func (o inspection) photo(ctx context.Context, eyes *inspect.Inspector, product *inspect.Product, listing []vision.Image, path string) (vision.Report, error) {
	photo, err := eyes.DecodeFile(ctx, path)
	if err != nil {
		return vision.Report{}, err
	}
	r, err := eyes.Inspect(ctx, photo, listing)
	if err != nil {
		return r, err
	}
	if product != nil && !r.Damage.Compared && r.Quality.Label == vision.LabelOK {
		if r.Damage, err = eyes.AgainstMemory(ctx, photo, product); err != nil {
			return r, err
		}
	}
	return r, o.pics.draw(ctx, eyes, photo, listing, r)
}

// printTogether says what all photos show as one evidence.
func printTogether(w io.Writer, all []vision.Seen, asJSON bool) error {
	found := vision.Join(all)
	if asJSON {
		files := make([]string, len(all))
		for i, s := range all {
			files[i] = s.Photo
		}
		return json.NewEncoder(w).Encode(map[string]any{"files": files, "findings": found})
	}
	fmt.Fprintf(w, "together, %d photos:\n", len(all))
	for _, f := range found {
		if _, err := fmt.Fprintf(w, "  %s %s (%.2f, %s)  %s\n", f.Kind, f.Label, f.Score, f.Photo, f.Note); err != nil {
			return err
		}
	}
	return nil
}

func printReport(w io.Writer, path string, r vision.Report, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(seen{File: path, Quality: r.Quality, Damage: r.Damage, Findings: r.Findings(), Colour: r.Colour, Signs: r.Signs})
	}
	fmt.Fprintf(w, "%s: %d x %d, quality %s, damage %s (%.2f)", path, r.Quality.Width, r.Quality.Height, r.Quality.Label, r.Damage.Label, r.Damage.Score)
	if r.Colour != nil {
		fmt.Fprintf(w, ", colour %s (ΔE %.1f, light: %s)", r.Colour.Verdict, r.Colour.DeltaE, r.Colour.Light)
	}
	fmt.Fprintln(w)
	for _, f := range r.Findings() {
		if f.Note == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "  %s\n", f.Note); err != nil {
			return err
		}
	}
	return nil
}
