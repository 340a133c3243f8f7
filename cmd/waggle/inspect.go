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

// inspectCommand looks at photos from the disk.
func inspectCommand() *cobra.Command {
	var (
		asJSON  bool
		listing []string
		pics    evidencePictures
		folder  string
	)
	c := &cobra.Command{
		Use:   "inspect PHOTO...",
		Short: "Look at photos: quality, damage and, with --listing, colour",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := pics.check(len(args), len(listing)); err != nil {
				return err
			}
			return inspectPhotos(c.Context(), c.OutOrStdout(), args, listing, folder, pics, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per photo")
	c.Flags().StringArrayVar(&listing, "listing", nil, "a photo of the product's page to compare with; may be repeated")
	c.Flags().StringVar(&folder, "reference", "", "a folder of photos of the same product, intact, or a card of kind patchcore: to compare with where no --listing fits")
	c.Flags().StringVar(&pics.overlay, "overlay", "", "write a PNG with the findings drawn over the photo")
	c.Flags().StringVar(&pics.swatch, "swatch", "", "write a PNG with listing and photo side by side under one light, and their colours in pairs")
	return c
}

// inspectPhotos looks at each photo against the listing's photos.
func inspectPhotos(ctx context.Context, w io.Writer, paths, listing []string, folder string, pics evidencePictures, asJSON bool) error {
	eyes, err := inspect.Open(inspect.Options{})
	if err != nil {
		return err
	}
	defer eyes.Close()
	var shown []vision.Image
	for _, path := range listing {
		m, err := eyes.DecodeFile(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		shown = append(shown, m)
	}
	var product *inspect.Product
	if folder != "" {
		if product, err = eyes.OpenProduct(ctx, folder); err != nil {
			return fmt.Errorf("--reference: %w", err)
		}
		defer product.Close()
	}
	for _, path := range paths {
		photo, err := eyes.DecodeFile(ctx, path)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		r, err := eyes.Inspect(ctx, photo, shown)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if product != nil && !r.Damage.Compared && r.Quality.Label == vision.LabelOK {
			if r.Damage, err = eyes.AgainstMemory(ctx, photo, product); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
		if err := printReport(w, path, r, asJSON); err != nil {
			return err
		}
		if err := pics.draw(ctx, eyes, photo, shown, r); err != nil {
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
