package sip

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Target says whom to call: a URI, a number over a trunk, or the phone that an
// account has registered.
type Target struct {
	URI      string // "sip:user@host:port;transport=tcp"
	Trunk    string // name of a trunk, with Number
	Number   string // digits, "+" allowed in front
	Account  string // user of a registered phone
	From     string // user part shown to the callee; "" = the trunk's CallerID, or "waggle"
	User     string // digest user, when there is no trunk
	Password string
	Ring     time.Duration // how long it may ring; 0 = 60 s
}

const defaultRing = 60 * time.Second

var (
	errTarget  = errors.New(`a SIP address looks like "sip:user@host:port" or "sip:user@host;transport=tcp"`)
	errNoTrunk = errors.New("no trunk of that name")
	errNumber  = errors.New("a number is 2 to 15 digits, and its prefix must be one that the trunk allows")
	errAbsent  = errors.New("no phone is registered for that account")
	errNoLine  = errors.New("no UDP address is listened on")
)

// destination is a parsed SIP URI with the way to reach it.
type destination struct {
	uri     sip.Uri
	network string
	host    string
	port    int
}

// parseTarget reads a SIP URI that we dial.
func parseTarget(s string) (destination, error) {
	var uri sip.Uri
	if !validURI(s) || sip.ParseUri(s, &uri) != nil || !strings.EqualFold(uri.Scheme, "sip") || uri.Host == "" || len(uri.Headers) > 0 {
		return destination{}, fmt.Errorf("%q: %w", s, errTarget)
	}
	network := "udp"
	if t, ok := uri.UriParams.Get("transport"); ok {
		network = strings.ToLower(t)
	}
	if network != "udp" && network != "tcp" {
		return destination{}, fmt.Errorf("%q: transport %s is not supported: %w", s, network, errTarget)
	}
	port := uri.Port
	if port == 0 {
		port = 5060
	}
	return destination{uri, network, strings.Trim(uri.Host, "[]"), port}, nil
}

// plan is a target that has become concrete.
type plan struct {
	uri    sip.Uri
	hop    hop
	from   string
	trunk  string
	secret credentials
}

// plan finds out where a target is. Errors are verdicts on the target, before
// anything has left.
func (d *Door) plan(ctx context.Context, t Target) (plan, error) {
	var p plan
	var dest destination
	var err error
	switch {
	case t.Account != "":
		return d.planAccount(t)
	case t.Trunk != "":
		if p, dest, err = d.planTrunk(t); err != nil {
			return plan{}, refusedHere(err)
		}
	default:
		if dest, err = parseTarget(t.URI); err != nil {
			return plan{}, &DialError{Kind: ErrInvalidNumber, Err: err}
		}
		p = plan{uri: dest.uri, from: t.From, secret: credentials{t.User, t.Password}}
	}
	if p.from == "" {
		p.from = userAgent
	}
	remote, err := resolve(ctx, dest)
	if err == nil {
		p.hop, err = d.reach(ctx, dest.network, remote)
	}
	if err != nil {
		return plan{}, &DialError{Kind: ErrUnreachable, Err: err}
	}
	return p, nil
}

func refusedHere(err error) *DialError {
	kind := ErrInvalidNumber
	if errors.Is(err, ErrSpent) {
		kind = ErrRetryLater
	}
	return &DialError{Kind: kind, Err: err}
}

// planTrunk puts a number on a trunk. The caller id is the trunk's own: nobody
// else's number is ever shown.
func (d *Door) planTrunk(t Target) (plan, destination, error) {
	trunk, ok := d.trunk(t.Trunk)
	switch {
	case !ok:
		return plan{}, destination{}, fmt.Errorf("%q: %w", t.Trunk, errNoTrunk)
	case !trunk.allows(t.Number):
		return plan{}, destination{}, errNumber
	case !d.budget.left(trunk):
		return plan{}, destination{}, ErrSpent
	}
	dest, err := parseTarget(trunk.Address)
	if err != nil {
		return plan{}, destination{}, err
	}
	dest.uri.User = t.Number
	return plan{uri: dest.uri, from: trunk.CallerID, trunk: trunk.Name, secret: credentials{trunk.User, trunk.Password}}, dest, nil
}

func (d *Door) trunk(name string) (Trunk, bool) {
	for _, t := range d.config.Trunks {
		if t.Name == name {
			return t, true
		}
	}
	return Trunk{}, false
}

// planAccount calls the phone where its registration came from.
func (d *Door) planAccount(t Target) (plan, error) {
	at, ok := d.phones.lookup(t.Account)
	if !ok {
		return plan{}, &DialError{Kind: ErrUnreachable, Err: errAbsent}
	}
	h, err := d.reach(d.life, at.network, at.source)
	if err != nil {
		return plan{}, &DialError{Kind: ErrUnreachable, Err: err}
	}
	return plan{uri: at.contact, hop: h, from: userAgent}, nil
}

// resolve finds the address of a destination, IPv4 first.
func resolve(ctx context.Context, dest destination) (netip.AddrPort, error) {
	if ip, err := netip.ParseAddr(dest.host); err == nil {
		return netip.AddrPortFrom(ip.Unmap(), uint16(dest.port)), nil //nolint:gosec // a parsed port
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", dest.host)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("cannot resolve %s: %w", dest.host, err)
	}
	best := addrs[0]
	for _, a := range addrs {
		if a.Unmap().Is4() {
			best = a
			break
		}
	}
	return netip.AddrPortFrom(best.Unmap(), uint16(dest.port)), nil //nolint:gosec // a parsed port
}

// reach picks our socket towards a peer and the address it knows us by.
func (d *Door) reach(ctx context.Context, network string, remote netip.AddrPort) (hop, error) {
	h := hop{network: network, remote: remote}
	var err error
	if network == "tcp" {
		if h.local, err = d.connect(ctx, remote); err != nil {
			return hop{}, err
		}
		h.public, err = d.public(h.local, remote.Addr())
		return h, err
	}
	for _, l := range d.lines {
		if l.network == "udp" && l.local.Addr().Is4() == remote.Addr().Is4() {
			h.local = l.local
			h.public, err = d.public(l.local, remote.Addr())
			return h, err
		}
	}
	return hop{}, errNoLine
}
