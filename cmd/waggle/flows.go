package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
	"waggle/dialog/sop"
	"waggle/shop/demo"
)

// ownFlows opens a merchant's folder of procedures; nil when there is none.
func ownFlows(folder string) (fs.FS, error) {
	if folder == "" {
		return nil, nil
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%w: flows: %q is no folder", config.ErrInvalid, folder)
	}
	return os.DirFS(folder), nil
}

// flowsCommand looks at the procedures of the desk: those that ship and a
// merchant's own.
func flowsCommand() *cobra.Command {
	var path, folder string
	c := &cobra.Command{Use: "flows", Short: "The procedures of the service desk: list, check, show and try them"}
	c.PersistentFlags().StringVar(&path, "config", "", "configuration file (default waggle.yaml, if there is one)")
	c.PersistentFlags().StringVar(&folder, "dir", "", "folder of own procedures (default: flows of the configuration)")
	own := func() (fs.FS, error) {
		if folder != "" {
			return ownFlows(folder)
		}
		cfg, err := config.Load(path, os.LookupEnv)
		if err != nil {
			return nil, usageError{err}
		}
		return ownFlows(cfg.Flows)
	}
	c.AddCommand(flowsList(own), flowsLint(own), flowsShow(own), flowsTest(own))
	return c
}

func flowsList(own func() (fs.FS, error)) *cobra.Command {
	var asJSON, markdown bool
	c := &cobra.Command{Use: "list", Short: "List the procedures with what starts them and what they use", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dir, err := own()
			if err != nil {
				return err
			}
			list, err := flow.Procedures(dir, flow.Native(nil))
			if err != nil {
				return err
			}
			out := c.OutOrStdout()
			summaries := sop.Summarise(list)
			if markdown {
				return sop.Markdown(out, summaries)
			}
			for _, s := range summaries {
				if asJSON {
					err = json.NewEncoder(out).Encode(s)
				} else {
					_, err = fmt.Fprintf(out, "%-18s %s\n%18s started by %s\n", s.ID, s.About, "", strings.Join(s.Triggers, ", "))
				}
				if err != nil {
					return err
				}
			}
			return nil
		}}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per procedure")
	c.Flags().BoolVar(&markdown, "markdown", false, "print a table, as in docs/flows.md")
	return c
}

func flowsLint(own func() (fs.FS, error)) *cobra.Command {
	return &cobra.Command{Use: "lint [DIR]", Short: "Find what is wrong with procedures before they run: one line each, file:line first", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := own()
			if len(args) == 1 {
				dir, err = ownFlows(args[0])
			}
			if err != nil {
				return err
			}
			list, err := flow.Procedures(dir, flow.Native(nil))
			if err != nil {
				return err
			}
			if err := sop.Check(list, flow.Kit(nil, nil, flow.Native(nil))).Err(); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d procedures are sound\n", len(list))
			return err
		}}
}

func flowsShow(own func() (fs.FS, error)) *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "Print a procedure as it is written, to read it or to begin an own one with", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := own()
			if err != nil {
				return err
			}
			list, err := flow.Procedures(dir, flow.Native(nil))
			if err != nil {
				return err
			}
			for _, f := range list {
				if f.ID != args[0] {
					continue
				}
				raw, err := fs.ReadFile(flow.Files(), f.File)
				if dir != nil {
					if theirs, err := fs.ReadFile(dir, f.File); err == nil {
						raw = theirs
					}
				}
				if err != nil && len(raw) == 0 {
					return err
				}
				_, err = c.OutOrStdout().Write(raw)
				return err
			}
			return usagef("there is no procedure %q, see waggle flows list", args[0])
		}}
}

// flowsTest plays scripted conversations over the demo shop.
func flowsTest(own func() (fs.FS, error)) *cobra.Command {
	return &cobra.Command{Use: "test SCRIPTS", Short: "Play scripted conversations (a folder of *.yaml, as dialog/rehearse/testdata) over the demo shop", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			dir, err := own()
			if err != nil {
				return err
			}
			scripts, err := rehearse.Load(os.DirFS(args[0]))
			if err != nil {
				return usageError{err}
			}
			if len(scripts) == 0 {
				return usagef("%s holds no scripts", args[0])
			}
			understander, err := nlu.Open()
			if err != nil {
				return err
			}
			var failed []error
			for _, s := range scripts {
				stage, err := flowsStage(c, dir, understander)
				if err != nil {
					return err
				}
				if err := s.Play(c.Context(), stage); err != nil {
					failed = append(failed, err)
				}
			}
			if _, err := fmt.Fprintf(c.OutOrStdout(), "%d of %d conversations passed\n", len(scripts)-len(failed), len(scripts)); err != nil {
				return err
			}
			return errors.Join(failed...)
		}}
}

// flowsStage is a fresh demo shop and an engine with the merchant's flows.
func flowsStage(c *cobra.Command, dir fs.FS, u dialog.Understander) (rehearse.Stage, error) {
	s, err := demo.Open(demo.Options{Now: time.Now})
	if err != nil {
		return rehearse.Stage{}, err
	}
	engine, err := flow.OpenOwn(c.Context(), dialog.Options{Shop: s, Understander: u, Recording: true}, dir)
	return rehearse.Stage{Shop: s, Engine: engine}, err
}
