package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	_ "time/tzdata" // callees' time zones, also where the system has none

	"github.com/spf13/cobra"

	"waggle/config"
	"waggle/dialog/pii"
)

// serveCommand starts everything.
func serveCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "serve",
		Short: "Start the gateway: phone lines, browsers, photos, API and pages",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := config.Load(path, os.LookupEnv)
			if err != nil {
				return usageError{err}
			}
			log := slog.New(pii.Handler{Next: slog.NewTextHandler(c.ErrOrStderr(), nil)})
			return serve(c.Context(), cfg, log, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&path, "config", "", "configuration file (default waggle.yaml, if there is one)")
	return c
}

// serve runs the gateway until ctx ends, then lets calls finish.
func serve(ctx context.Context, cfg config.Config, log *slog.Logger, out io.Writer) error {
	g, err := openGateway(ctx, cfg, log)
	if err != nil {
		return err
	}
	g.welcome(out)
	return g.run(ctx)
}

// welcome says where everything is, and shows the first key, once.
func (g *gateway) welcome(out io.Writer) {
	fmt.Fprintf(out, "\nWaggle is open.\n\n")
	fmt.Fprintf(out, "  talk to it     http://%s/\n", g.http.Addr())
	fmt.Fprintf(out, "  console        http://%s/console\n", g.http.Addr())
	for _, a := range g.phones.Addrs() {
		network, address, _ := strings.Cut(a, "://")
		fmt.Fprintf(out, "  phone          sip:waggle@%s (%s)\n", address, network)
	}
	fmt.Fprintf(out, "  figures        http://%s/metrics\n", g.ops.Addr())
	taken, seats := g.capacity.InUse()
	fmt.Fprintf(out, "  lines          %d (in use %d)\n", seats, taken)
	if g.firstKey != "" {
		fmt.Fprintf(out, "\n  Your key, shown this once and never again:\n\n    %s\n\n  It opens the console and the API (Authorization: Bearer KEY).\n", g.firstKey)
	}
	fmt.Fprintf(out, "\nStop with Ctrl-C; calls in progress may finish.\n\n")
}
