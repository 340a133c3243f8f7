package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"waggle/models"
	"waggle/models/onnx"
)

// modelsCommand shows and checks the models that ship.
func modelsCommand() *cobra.Command {
	c := &cobra.Command{Use: "models", Short: "List, verify and describe the models that ship"}
	c.AddCommand(modelsList(), modelsVerify(), modelsInfo())
	return c
}

func modelsList() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the models", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := models.Builtin().List()
			if err != nil {
				return err
			}
			for _, m := range list {
				if asJSON {
					err = json.NewEncoder(c.OutOrStdout()).Encode(m)
				} else {
					_, err = fmt.Fprintf(c.OutOrStdout(), "%-18s %-7s %6.1f MB  %s\n", m.Name, m.Kind, float64(m.Bytes)/1e6, m.Licence)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per model")
	return c
}

func modelsVerify() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Check every model's sha256 and graph", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return verifyModels(models.Builtin(), c.OutOrStdout()) },
	}
}

// verifyModels goes on after a bad model, so that one run names them all.
func verifyModels(s models.Store, out io.Writer) error {
	list, err := s.List()
	if err != nil {
		return err
	}
	var bad []error
	for _, m := range list {
		if err := verifyModel(s, m); err != nil {
			bad = append(bad, err)
			continue
		}
		fmt.Fprintf(out, "%-18s good\n", m.Name)
	}
	return errors.Join(bad...)
}

func verifyModel(s models.Store, m models.Model) error {
	raw, _, err := s.Open(m.Name)
	if err != nil {
		return err
	}
	if !m.Graph() {
		return nil
	}
	session, err := onnx.Open(m.Name, raw, onnx.Options{})
	if err != nil {
		return err
	}
	return session.Close()
}

func modelsInfo() *cobra.Command {
	return &cobra.Command{
		Use: "info NAME", Short: "Show a model's card", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			_, m, err := models.Builtin().Open(args[0])
			if err != nil {
				return err
			}
			card, err := models.Builtin().Card(m)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), card)
			return err
		},
	}
}
