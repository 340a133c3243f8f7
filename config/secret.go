package config

import (
	"fmt"
	"log/slog"
	"os"
	"strings"
)

// Secret is a password or key. It prints as *** everywhere; Reveal is the one
// way to its value. In the file it may be written as file:PATH.
type Secret string

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// String hides the value.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "***"
}

// GoString hides the value from %#v.
func (s Secret) GoString() string { return s.String() }

// LogValue hides the value from slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalYAML hides the value from `waggle config print`.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// read follows file:PATH.
func (s *Secret) read(key string) error {
	path, ok := strings.CutPrefix(string(*s), "file:")
	if !ok {
		return nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrInvalid, key, err)
	}
	*s = Secret(strings.TrimSpace(string(raw)))
	return nil
}

func (c *Config) resolve() error {
	for i := range c.SIP.Accounts {
		if err := c.SIP.Accounts[i].Password.read(fmt.Sprintf("sip.accounts[%d].password", i)); err != nil {
			return err
		}
	}
	for i := range c.SIP.Trunks {
		if err := c.SIP.Trunks[i].Password.read(fmt.Sprintf("sip.trunks[%d].password", i)); err != nil {
			return err
		}
	}
	return c.LLM.Key.read("llm.key")
}
