package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"waggle/vision/card"
	"waggle/vision/inspect"
	"waggle/vision/measure"
)

// visionEval is one way of measuring the eyes.
type visionEval struct {
	use, short string
	need       []string // columns that must be there
	paths      []string // columns that are files
	run        func(ctx context.Context, in *inspect.Inspector, rows []measure.Row, details io.Writer) (any, error)
}

// evalVisionCommands are the kinds vision, colour and quality.
func evalVisionCommands() []*cobra.Command {
	kinds := []visionEval{
		{
			"vision", "Damage: AUROC, F1 and false accusation on photos (path label [mask] [listing] [reference] [source])",
			[]string{"path", "label"}, []string{"path", "mask", "listing", "reference"},
			func(ctx context.Context, in *inspect.Inspector, rows []measure.Row, details io.Writer) (any, error) {
				return measure.EvalDamage(ctx, in, rows, details)
			},
		},
		{
			"colour", "Colour: false and missed differences on pairs (photo listing same)",
			[]string{"photo", "listing", "same"}, []string{"photo", "listing"},
			func(ctx context.Context, in *inspect.Inspector, rows []measure.Row, details io.Writer) (any, error) {
				return measure.EvalColour(ctx, in, rows, details)
			},
		},
		{
			"quality", "Photo quality: AUROC per problem and false refusals (path label)",
			[]string{"path", "label"}, []string{"path"},
			func(ctx context.Context, in *inspect.Inspector, rows []measure.Row, details io.Writer) (any, error) {
				return measure.EvalQuality(ctx, in, rows, details)
			},
		},
	}
	out := make([]*cobra.Command, len(kinds))
	for i, k := range kinds {
		out[i] = k.command()
	}
	return out
}

func (k visionEval) command() *cobra.Command {
	var (
		manifest, root, details, model, calibrate string
		asJSON                                    bool
	)
	c := &cobra.Command{
		Use:   k.use,
		Short: k.short,
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			rows, err := visionRows(manifest, root, k)
			if err != nil {
				return err
			}
			sink, done, err := detailsFile(details)
			if err != nil {
				return err
			}
			if calibrate != "" {
				model = calibrate
			}
			eyes, err := inspect.Open(inspect.Options{Model: model})
			if err != nil {
				return errors.Join(err, done())
			}
			defer eyes.Close()
			var result any
			if calibrate != "" {
				result, err = calibrateVision(c.Context(), eyes, calibrate, rows, c.ErrOrStderr())
			} else {
				result, err = k.run(c.Context(), eyes, rows, sink)
			}
			if err = errors.Join(err, done()); err != nil {
				return err
			}
			enc := json.NewEncoder(c.OutOrStdout())
			if !asJSON {
				enc.SetIndent("", "  ")
			}
			return enc.Encode(result)
		},
	}
	c.Flags().StringVar(&manifest, "manifest", "", "tab-separated list with a header")
	c.Flags().StringVar(&root, "root", "", "folder that the paths of the manifest start in")
	c.Flags().StringVar(&details, "details", "", "write one line per item to this file")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object on one line")
	if k.use == "vision" {
		c.Flags().StringVar(&model, "model", "", "card of another damage network; default the built-in one")
		c.Flags().StringVar(&calibrate, "calibrate", "", "fit the thresholds of the network with this card on the manifest, and write them into the card")
	}
	return c
}

// calibrateVision writes new thresholds into the card at path.
func calibrateVision(ctx context.Context, eyes *inspect.Inspector, path string, rows []measure.Row, progress io.Writer) (any, error) {
	result, err := measure.CalibrateDamage(ctx, eyes, rows, progress)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(filepath.Ext(path), ".onnx") {
		path = strings.TrimSuffix(path, filepath.Ext(path)) + ".json"
	}
	return result, card.Write(path, eyes.Damage().Card())
}

func visionRows(path, root string, k visionEval) ([]measure.Row, error) {
	if path == "" {
		return nil, usagef("eval %s needs --manifest FILE", k.use)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := measure.ReadManifest(f, root, k.need, k.paths)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

// detailsFile opens the file for details, or nothing.
func detailsFile(path string) (io.Writer, func() error, error) {
	if path == "" {
		return io.Discard, func() error { return nil }, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}
