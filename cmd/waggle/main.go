// Command waggle is the gateway and its tools. It only wires packages
// together; what a subcommand does lives in the package it belongs to.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"waggle/config"
)

// Exit codes, the same for every subcommand.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError marks a mistake in the command line or the configuration.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// usagef makes an error that ends the program with exit code 2.
func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// version is set by the linker, see Makefile.
var version = "unknown"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// run executes one command line and returns its exit code.
func run(ctx context.Context, args []string) int {
	root := rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(os.Stderr, "waggle:", err)
	var usage usageError
	if errors.As(err, &usage) || errors.Is(err, config.ErrInvalid) {
		return exitUsage
	}
	return exitFailed
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "waggle",
		Version:       version,
		Short:         "Voice and image service gateway for shops",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.ArbitraryArgs, // markUsage complains about unknown commands
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(
		callCommand(),
		chatCommand(),
		serveCommand(),
		speakCommand(),
		transcribeCommand(),
		inspectCommand(),
		searchCommand(),
		callsCommand(),
		campaignCommand(),
		modelsCommand(),
		shopCommand(),
		knowledgeCommand(),
		flowsCommand(),
		configCommand(),
		evalCommand(),
		benchCommand(),
	)
	markUsage(root)
	return root
}

// markUsage makes argument mistakes of every command exit with code 2, and a
// command that only groups others complain about an unknown one.
func markUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
	if c.HasSubCommands() && c.Run == nil && c.RunE == nil {
		c.RunE = func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			return usagef("unknown command %q, see %s --help", args[0], c.CommandPath())
		}
	}
	for _, sub := range c.Commands() {
		markUsage(sub)
	}
}

// evalCommand measures accuracy on labelled sets; each kind adds itself.
func evalCommand() *cobra.Command {
	c := &cobra.Command{Use: "eval", Short: "Measure accuracy on a labelled set"}
	c.AddCommand(evalASRCommand(), evalTTSCommand(), evalNLUCommand(), evalDialogCommand(), evalSearchCommand(), evalRetrievalCommand())
	c.AddCommand(evalVisionCommands()...)
	return c
}

// benchCommand measures speed and capacity; each kind adds itself.
func benchCommand() *cobra.Command {
	c := &cobra.Command{Use: "bench", Short: "Measure speed and capacity"}
	c.AddCommand(benchASRCommand(), benchCallCommand(), benchTTSCommand(), benchVisionCommand(), benchSearchCommand(), benchDialogCommand())
	return c
}
