package config

import (
	"regexp"
	"slices"
	"strings"
)

var hours = regexp.MustCompile(`^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00))?$`)

func (c *Config) validateDesk() error {
	switch c.Desk.Staffed {
	case "auto", "always", "never":
	default:
		return invalid("desk.staffed", "%q must be auto, always or never", c.Desk.Staffed)
	}
	if !hours.MatchString(c.Desk.Hours) {
		return invalid("desk.hours", "%q must look like 09:00-21:00", c.Desk.Hours)
	}
	if c.Desk.TransferBy != "auto" && c.Desk.TransferBy != "bridge" {
		return invalid("desk.transfer_by", "%q must be auto or bridge", c.Desk.TransferBy)
	}
	if c.Desk.Lines < 1 || c.Desk.Lines > 1000 {
		return invalid("desk.lines", "%d must lie between 1 and 1000", c.Desk.Lines)
	}
	return c.validateTransfer()
}

// validateTransfer checks where callers may be put through to.
func (c *Config) validateTransfer() error {
	uri, number, trunk := c.DeskPhone()
	switch {
	case c.Desk.Transfer == "":
		return nil
	case c.Desk.Staffed == "never":
		return invalid("desk.transfer", "nobody answers at a desk that is never staffed: say auto or always in desk.staffed")
	case number != "":
		for _, t := range c.SIP.Trunks {
			if t.Name == trunk && t.Address != "" && t.allows(number) {
				return nil
			}
		}
		return invalid("desk.trunk", "%q must name a trunk of sip.trunks that has an address and whose prefixes allow %s", trunk, number)
	case !strings.HasPrefix(uri, "sip:") || !strings.Contains(uri, "@"):
		return invalid("desk.transfer", "%q must look like sip:600@pbx:5060 or tel:4008001234", c.Desk.Transfer)
	case c.Desk.Trunk != "":
		return invalid("desk.trunk", "a trunk dials tel: numbers only; leave it empty for %s", uri)
	}
	return nil
}

// allows tells whether the trunk may dial a number.
func (t Trunk) allows(number string) bool {
	return len(t.Prefixes) == 0 || slices.ContainsFunc(t.Prefixes, func(p string) bool { return strings.HasPrefix(number, p) })
}

// DeskPhone is where people answer calls: a SIP address, or a number and the
// trunk that dials it. All are empty without one.
func (c *Config) DeskPhone() (uri, number, trunk string) {
	number, ok := strings.CutPrefix(c.Desk.Transfer, "tel:")
	if !ok {
		return c.Desk.Transfer, "", ""
	}
	trunk = c.Desk.Trunk
	if trunk == "" {
		trunk = c.Outbound.Trunk
	}
	return "", number, trunk
}
