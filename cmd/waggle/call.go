package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waggle/voice/sip/phone"
)

// callCommand is a softphone for tests.
func callCommand() *cobra.Command {
	var o phone.Options
	var asJSON, verbose bool
	c := &cobra.Command{
		Use:   "call SIP-URI",
		Short: "Call a SIP address: play a recording, record the answer",
		Example: `  waggle call --play question.wav --record answer.wav sip:shop@127.0.0.1:5060
  waggle call --keys 1# 'sip:shop@127.0.0.1:5060;transport=tcp'`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.URI = args[0]
			if verbose {
				o.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}
			report, err := phone.Call(c.Context(), o)
			if errors.Is(err, phone.ErrKeys) {
				return usageError{err}
			}
			if asJSON {
				return errors.Join(err, json.NewEncoder(c.OutOrStdout()).Encode(report))
			}
			if report.Answered {
				_, _ = fmt.Fprintf(c.OutOrStdout(), "answered after %d ms, talked %.1f s, heard %.1f s, %.1f %% lost, hung up by %s\n",
					report.SetupMS, report.TalkS, report.HeardS, 100*report.Lost, report.HungUp)
			}
			return err
		},
	}
	f := c.Flags()
	f.BoolVar(&asJSON, "json", false, "print one JSON object")
	f.StringVar(&o.Play, "play", "", "WAV file to play into the call")
	f.StringVar(&o.Record, "record", "", "WAV file for what is heard (8 kHz mono)")
	f.StringVar(&o.Keys, "keys", "", "telephone keys to press (RFC 4733)")
	f.DurationVar(&o.Delay, "delay", 0, "silence before file and keys")
	f.DurationVar(&o.Stay, "stay", 5*time.Second, "how long to stay after file and keys")
	f.DurationVar(&o.Ring, "ring", time.Minute, "how long it may ring")
	f.StringVar(&o.From, "from", "", "user part shown to the callee")
	f.StringVar(&o.User, "user", "", "user name when the callee asks for a password")
	f.StringVar(&o.Password, "password", os.Getenv("WAGGLE_CALL_PASSWORD"), "password (better given as WAGGLE_CALL_PASSWORD)")
	f.StringVar(&o.Listen, "listen", "", `our own address, like "udp://127.0.0.1:5070"`)
	f.BoolVar(&verbose, "verbose", false, "log signalling to stderr")
	f.Lookup("password").DefValue = ""
	return c
}
