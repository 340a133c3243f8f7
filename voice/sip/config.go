package sip

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Config says where the door listens, whom it lets in and whom it may call.
type Config struct {
	Listen   []string      // "udp://127.0.0.1:5060", "tcp://[::1]:5060"; port 0 takes a free one
	External string        // IP address told to peers that are not on this machine, when behind NAT; "" = the local one
	Loopback bool          // phones on this machine may call without an account
	Trunks   []Trunk       // lines to and from providers
	Accounts []Account     // phones that register or call with a password
	Ports    PortRange     // UDP ports for audio; zero = any free port
	Desk     *Desk         // where people answer calls; nil for none
	Longest  time.Duration // a call is ended after this at the latest; 0 = 20 min
}

// Trunk is a provider: calls from its addresses need no password, and calls to
// a number go out over it.
type Trunk struct {
	Name     string
	From     []netip.Prefix // signalling addresses of the provider
	Address  string         // where its numbers are dialled: "sip:host:port;transport=tcp"
	User     string         // digest user for dialling, when the provider asks
	Password string
	CallerID string   // the fixed number shown to the callee
	Prefixes []string // numbers must begin with one of these; empty allows every number

	DailyMinutes int // calls over this trunk may last so long a day together; 0 = no limit
}

// Account is a phone with a user name and a password.
type Account struct{ User, Password string }

// PortRange is a range of ports, both ends included.
type PortRange struct{ Low, High uint16 }

// Admission hands out seats; voice.Capacity implements it. Whoever gets a
// seat releases it exactly once.
type Admission interface {
	Admit() (release func(), err error)
}

// Options are what the door needs from its surroundings.
type Options struct {
	Admission Admission        // nil admits everybody
	Log       *slog.Logger     // nil logs nothing
	Now       func() time.Time // nil is time.Now
	times     streamTimes      // zero means the constants of stream.go
	keepalive time.Duration    // zero means keepaliveTime
}

const defaultLongest = 20 * time.Minute

var errListen = errors.New(`listen addresses look like "udp://127.0.0.1:5060" or "tcp://127.0.0.1:5060"`)

// endpoint is one listen address.
type endpoint struct {
	network string // "udp" or "tcp"
	address string
}

// parseListen reads one listen URL.
func parseListen(s string) (endpoint, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "udp" && u.Scheme != "tcp" || u.Path != "" || u.User != nil {
		return endpoint{}, fmt.Errorf("sip listen %q: %w", s, errListen)
	}
	host, _, err := net.SplitHostPort(u.Host)
	if err != nil {
		return endpoint{}, fmt.Errorf("sip listen %q: %w", s, errListen)
	}
	if _, err := netip.ParseAddr(host); err != nil {
		return endpoint{}, fmt.Errorf("sip listen %q: the host must be an IP address: %w", s, errListen)
	}
	return endpoint{u.Scheme, u.Host}, nil
}

// check finds what would be unsafe or useless before any socket is open.
func (c Config) check() error {
	if c.External != "" {
		if _, err := netip.ParseAddr(c.External); err != nil {
			return fmt.Errorf("sip external %q: must be an IP address: %w", c.External, err)
		}
	}
	if c.Ports.Low > c.Ports.High || c.Ports.High != 0 && c.Ports.Low < 1024 {
		return fmt.Errorf("sip ports %d-%d: need 1024 <= low <= high", c.Ports.Low, c.Ports.High)
	}
	for _, t := range c.Trunks {
		if t.Address != "" {
			if _, err := parseTarget(t.Address); err != nil {
				return fmt.Errorf("sip trunk %q: %w", t.Name, err)
			}
		}
		if t.User != "" && t.Password == "" {
			return fmt.Errorf("sip trunk %q: %w", t.Name, ErrEmptyPassword)
		}
	}
	return nil
}

func (c Config) policy() policy {
	p := policy{loopback: c.Loopback}
	for _, t := range c.Trunks {
		p.trunks = append(p.trunks, t.From...)
	}
	return p
}

// allows checks a number before it goes near a trunk: digits, an
// optional +, a length of E.164, and a prefix that the trunk allows.
func (t Trunk) allows(number string) bool {
	digits := strings.TrimPrefix(number, "+")
	if !isDigits(digits) || len(digits) < 2 || len(digits) > 15 {
		return false
	}
	for _, p := range t.Prefixes {
		if strings.HasPrefix(number, p) {
			return true
		}
	}
	return len(t.Prefixes) == 0
}
