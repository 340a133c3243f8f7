// Package sip is the door for phone lines: it answers and places calls over
// SIP (RFC 3261) and gives each of them to the rest of the house as a
// voice.Leg. It may import audio, voice and voice/rtp.
//
// Bytes from outside first meet the gate (gate.go), which refuses on the spot
// and keeps nothing about whoever it refuses. Behind it stand sipgo's
// transactions, and on top of those the calls of this package.
package sip

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// Handler runs one answered call. The call ends when it returns, if not
// before; the leg tells when the caller hung up. ctx ends with the door.
type Handler func(ctx context.Context, in Incoming)

// Incoming is an answered inbound call.
type Incoming struct {
	CallID  string
	From    string         // user part of the caller: a phone number, if the line gives one
	To      string         // user part that was called
	Account string         // the account that placed the call, or "" for a trunk or this machine
	Source  netip.AddrPort // where the signalling came from
	Leg     voice.Leg
	// Exchange is the way to people by phone, nil without a desk.
	Exchange voice.Exchange
}

// Door is an open SIP user agent: it listens, answers and dials.
type Door struct {
	config  Config
	handler Handler
	log     *slog.Logger
	admit   Admission
	gate    *gate
	calls   *calls
	phones  *registrar
	ua      *sipgo.UserAgent
	lines   []line
	feed    *feed
	ports   *ports
	budget  *budget
	desk    *exchange // nil without one
	now     func() time.Time

	life context.Context // ends with Close; handed to handlers
	stop context.CancelFunc
	work sync.WaitGroup // listeners

	mu     sync.Mutex
	closed bool
	talk   sync.WaitGroup // calls
}

// line is one open listener.
type line struct {
	network string
	local   netip.AddrPort
	close   func() error
}

// sipgo has two settings that are package variables, so they are set once. It
// refuses to send datagrams above 1300 bytes even as answers, which RFC 3261
// 18.2.2 does not. And its own logger writes messages whole, passwords included.
var settle = sync.OnceFunc(func() {
	sip.UDPMTUSize = math.MaxUint16
	sip.SetDefaultLogger(slog.New(slog.DiscardHandler))
})

// Open starts listening; handler is run for every answered call. A nil handler
// makes a door that only dials.
func Open(config Config, handler Handler, opts Options) (*Door, error) {
	if err := config.check(); err != nil {
		return nil, err
	}
	d, err := newDoor(config, handler, opts)
	if err != nil {
		return nil, err
	}
	for _, s := range config.Listen {
		if err := d.listen(s, opts); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	d.work.Go(func() { _ = d.ua.TransportLayer().ServeTCP(d.feed) }) // ends with the feed
	if len(config.Trunks) > 0 {
		every := opts.keepalive
		if every == 0 {
			every = keepaliveTime
		}
		d.work.Go(func() { d.watchTrunks(every) }) // ends with the door's life
	}
	return d, nil
}

func newDoor(config Config, handler Handler, opts Options) (*Door, error) {
	settle()
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if config.Longest == 0 {
		config.Longest = defaultLongest
	}
	d := &Door{config: config, handler: handler, log: opts.Log, admit: opts.Admission,
		calls: newCalls(), phones: newRegistrar(opts.Now), feed: newFeed(), ports: newPorts(config.Ports), budget: newBudget(opts.Now), now: opts.Now}
	if config.Desk != nil {
		var err error
		if d.desk, err = newExchange(d, *config.Desk); err != nil {
			return nil, err
		}
	}
	d.life, d.stop = context.WithCancel(context.Background())
	d.gate = &gate{policy: config.policy(), bans: newBans(opts.Now), admit: opts.Admission,
		calls: d.calls, key: make([]byte, 32), parser: sip.NewParser(), log: opts.Log, serves: handler != nil, opened: time.Now()}
	_, _ = rand.Read(d.gate.key) // never fails
	if len(config.Accounts) > 0 {
		var err error
		if d.gate.auth, err = newAuthority("waggle", config.Accounts, opts.Now); err != nil {
			return nil, err
		}
	}
	return d, d.openStack()
}

// openStack builds sipgo's transport and transaction layers. They log nothing
// themselves: they would log messages whole, Authorization included.
func (d *Door) openStack() error {
	quiet := slog.New(slog.DiscardHandler)
	ua, err := sipgo.NewUA(
		sipgo.WithUserAgentTransportLayerOptions(sip.WithTransportLayerLogger(quiet),
			sip.WithTransportLayerTransports(sip.TransportsConfig{TCP: &sip.TransportTCP{DialerCreate: neverDial}})),
		sipgo.WithUserAgentTransactionLayerOptions(sip.WithTransactionLayerLogger(quiet),
			sip.WithTransactionLayerUnhandledResponseHandler(func(*sip.Response) {})),
	)
	if err != nil {
		return fmt.Errorf("sip: %w", err)
	}
	d.ua = ua
	ua.TransactionLayer().OnRequest(d.handle)
	return nil
}

// listen opens one address and serves it until Close.
func (d *Door) listen(s string, opts Options) error {
	at, err := parseListen(s)
	if err != nil {
		return err
	}
	if at.network == "udp" {
		return d.listenUDP(at.address)
	}
	times := opts.times
	if times == (streamTimes{}) {
		times = streamTimes{messageTime, idleTime}
	}
	return d.listenTCP(at.address, times)
}

func (d *Door) listenUDP(address string) error {
	conn, err := new(net.ListenConfig).ListenPacket(d.life, family("udp", address), address)
	if err != nil {
		return fmt.Errorf("sip: cannot listen on udp %s: %w", address, err)
	}
	d.lines = append(d.lines, line{"udp", addrPort(conn.LocalAddr()), conn.Close})
	guarded := &packetGate{PacketConn: conn, gate: d.gate, inUse: make(chan struct{})}
	d.work.Go(func() { _ = d.ua.TransportLayer().ServeUDP(guarded) }) // ends with the socket
	<-guarded.inUse                                                   // only now may requests leave from it
	return nil
}

func (d *Door) listenTCP(address string, times streamTimes) error {
	l, err := new(net.ListenConfig).Listen(d.life, family("tcp", address), address)
	if err != nil {
		return fmt.Errorf("sip: cannot listen on tcp %s: %w", address, err)
	}
	d.lines = append(d.lines, line{"tcp", addrPort(l.Addr()), l.Close})
	guarded := &streamGate{Listener: l, gate: d.gate, times: times, perIP: map[netip.Addr]int{}}
	d.work.Go(func() { _ = d.ua.TransportLayer().ServeTCP(guarded) }) // ends with the socket
	return nil
}

// family keeps "0.0.0.0" an IPv4 socket, so that addresses have one spelling.
func family(network, address string) string {
	host, _, _ := net.SplitHostPort(address)
	if ip, err := netip.ParseAddr(host); err == nil && ip.Unmap().Is4() {
		return network + "4"
	}
	return network + "6"
}

// Addrs returns the addresses the door listens on, as URLs, in the order of
// Config.Listen.
func (d *Door) Addrs() []string {
	out := make([]string, len(d.lines))
	for i, l := range d.lines {
		out[i] = l.network + "://" + l.local.String()
	}
	return out
}

// Calls returns how many calls have a dialog now.
func (d *Door) Calls() int { return len(d.calls.live()) }

// Close ends every call with voice.CauseShutdown, waits for their goodbyes and
// closes the sockets. To let calls finish first, drain the capacity before.
func (d *Door) Close() error {
	d.gate.closing.Store(true)
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	for _, c := range d.calls.live() {
		c.end(voice.CauseShutdown, false)
	}
	d.talk.Wait()
	d.gate.settle()
	var errs []error
	for _, l := range d.lines {
		errs = append(errs, l.close())
	}
	d.feed.close()
	errs = append(errs, d.ua.Close())
	d.work.Wait()
	return errors.Join(errs...)
}

// spawn runs a part of a call; Close waits for it. After Close it refuses.
func (d *Door) spawn(f func()) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return false
	}
	d.talk.Go(f)
	return true
}
