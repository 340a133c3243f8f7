// Package webrtc is the door for browsers: it answers WHIP offers (RFC 9725)
// with pion and gives each connected browser to the rest of the house as a
// voice.Leg. HTTP stays outside: package api maps routes to these methods. It
// may import audio, audio/opus, voice and voice/rtp.
package webrtc

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	pion "github.com/pion/webrtc/v4"

	"waggle/voice"
)

// Config says where browsers reach this door.
type Config struct {
	Listen    string        // IP address for media; unspecified means every interface
	External  string        // IP address told to browsers, when behind NAT; "" = the local one
	Low, High uint16        // UDP ports for media, both included; zero = any free port
	Longest   time.Duration // a call is ended after this at the latest; 0 = 20 min
}

// Admission hands out seats; voice.Capacity implements it. Whoever gets a
// seat releases it exactly once.
type Admission interface {
	Admit() (release func(), err error)
}

// Options are what the door needs from its surroundings.
type Options struct {
	Admission Admission     // nil admits everybody
	Log       *slog.Logger  // nil logs nothing
	Connect   time.Duration // a browser that has not connected by then is dropped; 0 = 15 s
}

// Handler runs one connected call; the call ends when it returns, if not
// before. ctx ends with the door.
type Handler func(ctx context.Context, in Incoming)

// Incoming is a connected browser.
type Incoming struct {
	ID           string // of the WHIP session
	Conversation string // as given to Offer
	Leg          voice.Leg
}

// Verdicts on what browsers ask.
var (
	ErrBadOffer = errors.New("webrtc: the offer is not usable: it needs exactly one audio stream that sends and receives")
	ErrNoCodec  = errors.New("webrtc: the offer has no codec in common: Opus or G.711 is needed")
	ErrTooLarge = errors.New("webrtc: the session description is too large")
	ErrTooMany  = errors.New("webrtc: too many ICE candidates")
	ErrUnknown  = errors.New("webrtc: no such session")
	ErrStale    = errors.New("webrtc: the ICE session has changed meanwhile")
)

const (
	connectTime    = 15 * time.Second // HARDENING W05
	defaultLongest = 20 * time.Minute
	// A browser that vanished is noticed after disconnectedAfter and given up
	// after failedAfter; in between it may come back from another network.
	disconnectedAfter = 3 * time.Second
	failedAfter       = 15 * time.Second
	keepAlive         = time.Second
	gatherTime        = 3 * time.Second
)

// Server is the open door.
type Server struct {
	config  Config
	handler Handler
	opts    Options
	log     *slog.Logger
	api     *pion.API

	life context.Context // ends with Close; handed to handlers
	stop context.CancelFunc

	mu     sync.Mutex
	closed bool
	peers  map[string]*peer
	work   sync.WaitGroup // one peer each
}

// Open makes the door; handler runs for every browser that connects.
func Open(config Config, handler Handler, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Connect == 0 {
		opts.Connect = connectTime
	}
	if config.Longest == 0 {
		config.Longest = defaultLongest
	}
	api, err := newAPI(config)
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, handler: handler, opts: opts, log: opts.Log, api: api, peers: map[string]*peer{}}
	s.life, s.stop = context.WithCancel(context.Background())
	return s, nil
}

func newAPI(config Config) (*pion.API, error) {
	media := &pion.MediaEngine{}
	if err := registerCodecs(media); err != nil {
		return nil, fmt.Errorf("webrtc: codecs: %w", err)
	}
	chain := &interceptor.Registry{}
	if err := pion.ConfigureRTCPReports(chain); err != nil {
		return nil, fmt.Errorf("webrtc: reports: %w", err)
	}
	engine, err := settings(config)
	if err != nil {
		return nil, err
	}
	return pion.NewAPI(pion.WithMediaEngine(media), pion.WithInterceptorRegistry(chain), pion.WithSettingEngine(engine)), nil
}

// settings makes an ICE-lite agent (RFC 8445 2.5): it answers checks and sends
// none, so no offer can make it knock at addresses of a stranger's choice.
func settings(config Config) (pion.SettingEngine, error) {
	var e pion.SettingEngine
	e.SetLite(true)
	e.SetNetworkTypes([]pion.NetworkType{pion.NetworkTypeUDP4, pion.NetworkTypeUDP6})
	e.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	e.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	e.SetReceiveMTU(2048)
	e.DisableActiveTCP(true)
	listen, err := netip.ParseAddr(config.Listen)
	if err != nil {
		return e, fmt.Errorf("webrtc listen %q: must be an IP address: %w", config.Listen, err)
	}
	e.SetIncludeLoopbackCandidate(listen.IsLoopback() || listen.IsUnspecified())
	if !listen.IsUnspecified() {
		e.SetIPFilter(func(ip net.IP) bool { return listen.Unmap().String() == ip.String() })
	}
	if config.High != 0 {
		if err := e.SetEphemeralUDPPortRange(config.Low, config.High); err != nil {
			return e, fmt.Errorf("webrtc ports %d-%d: %w", config.Low, config.High, err)
		}
	}
	if config.External != "" {
		if err := e.SetICEAddressRewriteRules(pion.ICEAddressRewriteRule{
			External: []string{config.External}, AsCandidateType: pion.ICECandidateTypeHost}); err != nil {
			return e, fmt.Errorf("webrtc external %q: %w", config.External, err)
		}
	}
	return e, nil
}

// Calls is the number of sessions, connected or not.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.peers)
}

// add makes room for a peer and starts it; after Close it refuses.
func (s *Server) add(p *peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return voice.ErrDraining
	}
	s.peers[p.id] = p
	s.work.Go(func() {
		p.run()
		s.mu.Lock()
		delete(s.peers, p.id)
		s.mu.Unlock()
	})
	return nil
}

func (s *Server) find(id string) (*peer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[id]
	if p == nil {
		return nil, ErrUnknown
	}
	return p, nil
}

// Delete ends a session for its browser (RFC 9725 4.2).
func (s *Server) Delete(id string) error {
	p, err := s.find(id)
	if err != nil {
		return err
	}
	p.end(voice.CauseHangUp)
	return nil
}

// Close ends every session with voice.CauseShutdown and waits for them. To let
// calls finish first, drain the capacity before.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, p := range s.peers {
		p.end(voice.CauseShutdown)
	}
	s.mu.Unlock()
	s.stop()
	s.work.Wait()
	return nil
}

// newID names a session so that nobody can guess it: the name is all that
// PATCH and DELETE have to show.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
