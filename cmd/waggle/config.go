package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"waggle/config"
)

// configCommand checks and prints the configuration.
func configCommand() *cobra.Command {
	var path string
	c := &cobra.Command{Use: "config", Short: "Check or print the configuration"}
	c.PersistentFlags().StringVar(&path, "config", "", "configuration file (default waggle.yaml, if there is one)")
	load := func() (config.Config, error) {
		cfg, err := config.Load(path, os.LookupEnv)
		if err != nil {
			return cfg, usageError{err}
		}
		return cfg, nil
	}
	c.AddCommand(
		&cobra.Command{Use: "check", Short: "Say whether the configuration is good", Args: cobra.NoArgs,
			RunE: func(c *cobra.Command, _ []string) error {
				cfg, err := load()
				if err != nil {
					return err
				}
				if err := checkModels(cfg); err != nil {
					return usageError{err}
				}
				_, err = fmt.Fprintln(c.OutOrStdout(), "the configuration is good")
				return err
			}},
		&cobra.Command{Use: "print", Short: "Print every key with its value; secrets are hidden", Args: cobra.NoArgs,
			RunE: func(c *cobra.Command, _ []string) error {
				cfg, err := load()
				if err != nil {
					return err
				}
				return yaml.NewEncoder(c.OutOrStdout()).Encode(cfg)
			}},
	)
	return c
}
