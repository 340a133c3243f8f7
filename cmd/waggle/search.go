package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waggle/api"
	"waggle/config"
	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/search"
)

// found is one line of `waggle search --json`.
type found struct {
	File string       `json:"file"`
	Hits []search.Hit `json:"hits"`
	// Verdict says whether the first hit can be taken for it.
	Verdict     search.Verdict `json:"verdict"`
	Probability float64        `json:"probability"`
}

// searchCommand finds products by photo.
func searchCommand() *cobra.Command {
	var (
		asJSON           bool
		catalogue, model string
		k                int
	)
	c := &cobra.Command{
		Use:   "search PHOTO...",
		Short: "Find the product on a photo, in a folder of pictures or in the demo shop",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if k < 1 || k > 100 {
				return usagef("-k must lie between 1 and 100, not %d", k)
			}
			f, done, err := openCatalogue(c.Context(), catalogue, model, c.ErrOrStderr())
			if err != nil {
				return err
			}
			return errors.Join(searchPhotos(c.Context(), c.OutOrStdout(), f, args, k, asJSON), done())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per photo")
	c.Flags().StringVar(&catalogue, "catalogue", "", "folder of pictures: a folder below it is a product, else a file is; default the demo shop's")
	c.Flags().StringVar(&model, "model", "", "card of another embedding network; default the built-in one")
	c.Flags().IntVarP(&k, "k", "k", 5, "how many products to list")
	return c
}

// openCatalogue describes all pictures of a folder, or of the demo shop. What
// cannot be read is told and left out.
func openCatalogue(ctx context.Context, dir, model string, warn io.Writer) (_ *search.Finder, done func() error, err error) {
	d, err := openDescriber(model, card.Options{})
	if err != nil {
		return nil, nil, err
	}
	var pictures iter.Seq2[search.Picture, error]
	if dir == "" {
		s, err := openShop(config.Shop{}, "")
		if err != nil {
			return nil, nil, errors.Join(err, d.Close())
		}
		pictures = api.ShopCatalogue{Products: s, Images: s.pictures}.Pictures(ctx)
	} else {
		pictures = folderPictures(dir)
	}
	f, err := search.Open(d, search.Options{})
	if err != nil {
		return nil, nil, errors.Join(err, d.Close())
	}
	done = func() error { return errors.Join(f.Close(), d.Close()) }
	failed := 0
	p, err := f.Import(ctx, pictures, func(p search.Progress) {
		if p.Failed > failed {
			failed = p.Failed
			fmt.Fprintf(warn, "waggle: left out: %v\n", p.Err)
		}
	})
	if err == nil && p.Added == 0 {
		err = fmt.Errorf("%w: no picture in %s can be searched", fs.ErrNotExist, dir)
	}
	if err != nil {
		return nil, nil, errors.Join(err, done())
	}
	return f, done, nil
}

// folderPictures lists JPEG, PNG and WebP files below dir.
func folderPictures(dir string) iter.Seq2[search.Picture, error] {
	return func(yield func(search.Picture, error) bool) {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !isPicture(name) {
				return err
			}
			h := fnv.New64a()
			if info, err := e.Info(); err == nil {
				fmt.Fprint(h, info.Size(), info.ModTime().UnixNano())
			}
			p := search.Picture{Key: name, Product: productOf(name), Stamp: h.Sum64(),
				Load: func(context.Context) (vision.Image, error) { return decodeFile(filepath.Join(dir, name)) }}
			if !yield(p, nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(search.Picture{}, err)
		}
	}
}

func isPicture(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp":
		return true
	}
	return false
}

// productOf is the folder that a picture lies in, or its own name when it lies
// at the top.
func productOf(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

func decodeFile(path string) (vision.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return vision.Image{}, err
	}
	defer f.Close()
	return vision.Decode(f, vision.DefaultLimits())
}

func searchPhotos(ctx context.Context, w io.Writer, f *search.Finder, paths []string, k int, asJSON bool) error {
	for _, p := range paths {
		img, err := decodeFile(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		hits, err := f.Search(ctx, img, max(2, k), nil)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		choice := f.Weights().Decide(hits)
		out := found{p, hits[:min(k, len(hits))], choice.Verdict, choice.Probability}
		if err := printFound(w, out, asJSON); err != nil {
			return err
		}
	}
	return nil
}

func printFound(w io.Writer, out found, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(out)
	}
	if _, err := fmt.Fprintf(w, "%s: %s (%.2f)\n", out.File, out.Verdict, out.Probability); err != nil {
		return err
	}
	for _, h := range out.Hits {
		if _, err := fmt.Fprintf(w, "  %.3f  %s  %s\n", h.Score, h.Product, h.Image); err != nil {
			return err
		}
	}
	return nil
}
