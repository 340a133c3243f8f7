package main

import (
	"bytes"
	"strings"
	"testing"
)

// runCommand runs one command line with in as its standard input and returns
// what it printed. env sets variables for the rest of the test.
func runCommand(t *testing.T, env map[string]string, in string, args ...string) (string, error) {
	t.Helper()
	for name, value := range env {
		t.Setenv(name, value)
	}
	root := rootCommand()
	var out bytes.Buffer
	root.SetIn(strings.NewReader(in))
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}
