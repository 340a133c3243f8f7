package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/models"
	"waggle/models/onnx"
	"waggle/models/pull"
)

// modelsCommand deals with the models that ship and those that were fetched.
func modelsCommand() *cobra.Command {
	var path string
	c := &cobra.Command{Use: "models", Short: "List, fetch, verify and describe models"}
	c.PersistentFlags().StringVar(&path, "config", "", "configuration file, for its data_dir (default waggle.yaml, if there is one)")
	root := func() (string, error) {
		cfg, err := config.Load(path, os.LookupEnv)
		if err != nil {
			return "", usageError{err}
		}
		return modelsRoot(cfg), nil
	}
	c.AddCommand(modelsList(root), modelsPull(root), modelsRemove(root), modelsVerify(root), modelsInfo())
	return c
}

// listed is one line of `waggle models list`.
type listed struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Bytes   int64  `json:"bytes,omitempty"`
	State   string `json:"state"` // built in, fetched or to fetch
	Licence string `json:"licence"`
	About   string `json:"about,omitempty"`
}

func modelsList(root func() (string, error)) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "List the models that ship, were fetched or can be fetched", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			list, err := allModels(root)
			if err != nil {
				return err
			}
			for _, m := range list {
				if asJSON {
					err = json.NewEncoder(c.OutOrStdout()).Encode(m)
				} else {
					_, err = fmt.Fprintf(c.OutOrStdout(), "%-26s %-6s %8s  %-8s  %s\n", m.Name, m.Kind, sizeText(m.Bytes), m.State, describe(m))
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

func describe(m listed) string {
	if m.About == "" {
		return m.Licence
	}
	return m.About + " (" + m.Licence + ")"
}

func sizeText(n int64) string {
	if n == 0 {
		return "?"
	}
	return fmt.Sprintf("%.1f MB", megabytes(n))
}

func allModels(root func() (string, error)) ([]listed, error) {
	folder, err := root()
	if err != nil {
		return nil, err
	}
	builtin, err := models.Builtin().List()
	if err != nil {
		return nil, err
	}
	var list []listed
	for _, m := range builtin {
		list = append(list, listed{Name: m.Name, Kind: m.Kind, Bytes: m.Bytes, State: "built in", Licence: m.Licence})
	}
	here, err := pull.Installed(folder)
	if err != nil {
		return nil, err
	}
	entries, err := pull.Catalogue()
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		m := listed{Name: e.Name, Kind: e.Kind, Bytes: e.Bytes(), State: "to fetch", Licence: e.Licence, About: e.Family + ": " + e.About}
		if _, ok := here[e.Name]; ok {
			m.State = "fetched"
		}
		list = append(list, m)
	}
	return list, nil
}

func modelsRemove(root func() (string, error)) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Delete a model that was fetched", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			folder, err := root()
			if err != nil {
				return err
			}
			return pull.Remove(folder, args[0])
		},
	}
}

func modelsVerify(root func() (string, error)) *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Check every model's sha256 and graph", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			folder, err := root()
			if err != nil {
				return err
			}
			return errors.Join(verifyModels(models.Builtin(), c.OutOrStdout()), verifyFetched(folder, c.OutOrStdout()))
		},
	}
}

// verifyFetched checks the files of fetched models against the lock file.
func verifyFetched(root string, out io.Writer) error {
	here, err := pull.Installed(root)
	if err != nil {
		return err
	}
	var bad []error
	for _, name := range slices.Sorted(maps.Keys(here)) {
		if _, err := pull.Folder(root, name); err != nil {
			bad = append(bad, err)
			continue
		}
		fmt.Fprintf(out, "%-18s good\n", name)
	}
	return errors.Join(bad...)
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
			if e, err := pull.Find(args[0]); err == nil {
				return entryInfo(c.OutOrStdout(), e)
			}
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

// entryInfo describes a model of the catalogue.
func entryInfo(out io.Writer, e pull.Entry) error {
	trust := "known sha256"
	if !e.Pinned() {
		trust = "the first fetch is trusted and written into models.lock; later ones must be the same"
	}
	fmt.Fprintf(out, "# %s\n\n%s: %s\n\nLicence: %s\nChecked by: %s\nUse: %s\n\n", e.Name, e.Family, e.About, e.Licence, trust, configLine(e))
	for _, p := range e.Parts {
		if _, err := fmt.Fprintf(out, "%8s  %s\n", sizeText(p.Bytes), p.URL); err != nil {
			return err
		}
	}
	return nil
}
