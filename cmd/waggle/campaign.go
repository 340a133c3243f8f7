package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/outbound"
	"waggle/store"
)

// campaignCommand manages reminder calls. It works on the data directory, also
// while serve runs: the database is shared, and serve makes the calls.
func campaignCommand() *cobra.Command {
	var dir string
	c := &cobra.Command{Use: "campaign", Short: "Import, start, pause, cancel and report reminder calls"}
	c.PersistentFlags().StringVar(&dir, "data", "", "data directory (default data_dir of the configuration)")
	c.AddCommand(
		campaignImport(&dir), campaignReport(&dir),
		campaignMove(&dir, "start", "Let serve make the calls", outbound.CampaignRunning),
		campaignMove(&dir, "pause", "Make no new calls for now", outbound.CampaignPaused),
		campaignMove(&dir, "cancel", "Make no more calls at all", outbound.CampaignCancelled),
	)
	return c
}

// withStore opens the data directory for one command.
func withStore(ctx context.Context, dir string, use func(*store.Store) error) error {
	if dir == "" {
		cfg, err := config.Load("", os.LookupEnv)
		if err != nil {
			return usageError{err}
		}
		dir = cfg.DataDir
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return usagef("the data directory %s does not exist: start waggle serve once, or name another with --data", dir)
	}
	s, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	return errors.Join(use(s), s.Close())
}

func campaignImport(dir *string) *cobra.Command {
	var name, script string
	c := &cobra.Command{
		Use: "import FILE.csv", Short: "Read a list of contacts as a draft campaign", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return usageError{err}
			}
			defer f.Close()
			return withStore(c.Context(), *dir, func(s *store.Store) error {
				return importList(c.Context(), s, f, name, script, c.OutOrStdout())
			})
		},
	}
	c.Flags().StringVar(&name, "name", "", "name of the campaign")
	c.Flags().StringVar(&script, "script", "pay", "kind of call: pay, finish, wake, balance, parcel or appointment")
	return c
}

func importList(ctx context.Context, s *store.Store, list io.Reader, name, script string, out io.Writer) error {
	camp := outbound.Campaign{ID: uuid.NewString(), Name: name, Script: script, State: outbound.CampaignDraft, Created: time.Now()}
	contacts, problems, err := outbound.ReadCSV(list, camp.ID)
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintf(out, "line %d left out: %s\n", p.Line, p.Reason)
	}
	if len(contacts) == 0 {
		return fmt.Errorf("%w: no row could be imported", outbound.ErrInvalid)
	}
	if err := s.Outbound().Create(ctx, camp, contacts); err != nil {
		return err
	}
	consenting := 0
	for _, c := range contacts {
		if c.Consent.Given() {
			consenting++
		}
	}
	fmt.Fprintf(out, "campaign %s: %d contacts, %d with proof of consent; start it with: waggle campaign start %s\n",
		camp.ID, len(contacts), consenting, camp.ID)
	return nil
}

func campaignMove(dir *string, verb, short string, to outbound.CampaignState) *cobra.Command {
	return &cobra.Command{
		Use: verb + " ID", Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), *dir, func(s *store.Store) error {
				if err := s.Outbound().SetState(c.Context(), args[0], to); err != nil {
					return err
				}
				_, err := fmt.Fprintf(c.OutOrStdout(), "campaign %s is %s\n", args[0], to)
				return err
			})
		},
	}
}

func campaignReport(dir *string) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "report [ID]", Short: "Show where a campaign stands, or list all", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return withStore(c.Context(), *dir, func(s *store.Store) error {
				if len(args) == 0 {
					return listCampaigns(c.Context(), s, c.OutOrStdout(), asJSON)
				}
				r, err := s.Outbound().Report(c.Context(), args[0])
				if err != nil {
					return err
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(r)
				}
				printCampaign(c.OutOrStdout(), r)
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func listCampaigns(ctx context.Context, s *store.Store, out io.Writer, asJSON bool) error {
	list, err := s.Outbound().Campaigns(ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if asJSON {
			err = json.NewEncoder(out).Encode(c)
		} else {
			_, err = fmt.Fprintf(out, "%s  %-9s %-11s %s\n", c.ID, c.State, c.Script, c.Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func printCampaign(out io.Writer, r outbound.Report) {
	fmt.Fprintf(out, "%s  %s  %s\n", r.Campaign.ID, r.Campaign.State, r.Campaign.Name)
	states := r.States()
	for _, s := range slices.Sorted(maps.Keys(states)) {
		fmt.Fprintf(out, "  %-14s %d\n", s, states[s])
	}
	for _, a := range r.Attempts {
		fmt.Fprintf(out, "  %s  %s  %s %s\n", a.Started.Local().Format(time.DateTime), a.Number, a.State, a.Disposition)
	}
	for _, c := range r.Contacts {
		if c.Reason != "" {
			fmt.Fprintf(out, "  %s  %s: %s\n", c.Number, c.State, c.Reason)
		}
	}
}
