package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/dialog"
	"waggle/dialog/chat"
	"waggle/dialog/flow"
	"waggle/vision"
	"waggle/vision/inspect"
)

// lateEyes opens the vision models with the first photo: a chat without photos
// needs none.
type lateEyes struct{ in *inspect.Inspector }

func (e *lateEyes) InspectFile(ctx context.Context, path string) ([]vision.Finding, error) {
	if e.in == nil {
		in, err := inspect.Open(inspect.Options{})
		if err != nil {
			return nil, err
		}
		e.in = in
	}
	return e.in.InspectFile(ctx, path)
}

func (e *lateEyes) close() error {
	if e.in == nil {
		return nil
	}
	return e.in.Close()
}

// chatCommand talks with the shop on the terminal. Changes to the demo shop are
// forgotten at the end; those to a merchant's own system are not.
func chatCommand() *cobra.Command {
	var (
		asJSON     bool
		user, path string
	)
	c := &cobra.Command{
		Use:   "chat",
		Short: "Type to the robot: one line in, one reply out; \"!photo PATH\" sends a photo",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.Load(path, os.LookupEnv)
			if err != nil {
				return usageError{err}
			}
			shop, err := openShop(cfg.Shop, "")
			if err != nil {
				return err
			}
			defer shop.close()
			understander, err := openUnderstander(cfg.Models.Text, slog.New(slog.NewTextHandler(c.ErrOrStderr(), nil)))
			if err != nil {
				return err
			}
			own, err := ownFlows(cfg.Flows)
			if err != nil {
				return err
			}
			engine, err := flow.OpenOwn(c.Context(), dialog.Options{Shop: shop, Understander: understander}, own)
			if err != nil {
				return err
			}
			eyes := &lateEyes{}
			t := chat.Terminal{
				Conversations: dialog.NewConversations(engine, dialog.NewMemoryLog()),
				In:            c.InOrStdin(), Out: c.OutOrStdout(), JSON: asJSON, Inspector: eyes,
			}
			err = t.Run(c.Context(), dialog.Opening{Channel: dialog.ChannelText, User: user})
			return errors.Join(err, eyes.close())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per reply")
	c.Flags().StringVar(&path, "config", "", "configuration file, for the shop (default waggle.yaml, if there is one)")
	c.Flags().StringVar(&user, "user", "", "customer id or phone number of a signed-in user")
	return c
}
