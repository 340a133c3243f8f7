package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"waggle/api"
	"waggle/config"
	"waggle/dialog"
	"waggle/dialog/handoff"
	"waggle/dialog/knowledge"
	"waggle/store"
	"waggle/voice"
	"waggle/voice/sip"
	"waggle/voice/webrtc"
)

// gateway is everything that serve runs, opened in the order of its fields.
type gateway struct {
	cfg       config.Config
	log       *slog.Logger
	dir       dataDir
	store     *store.Store
	firstKey  string
	secret    []byte
	speech    *speech
	shop      openedShop
	library   *knowledge.Library
	meaning   dialog.Understander
	talk      *dialog.Conversations
	desk      *handoff.Desk
	links     *api.PhotoLinks
	capacity  *voice.Capacity
	figures   *figures
	reception *voice.Reception
	phones    *sip.Door
	browsers  *webrtc.Server
	photos    *api.Photographs
	products  productPhotos
	http      net.Listener
	ops       net.Listener
	closers   []func() error // in reverse order
}

// callsPerCore is nine tenths of what `waggle bench call` was seen to carry on
// a core of the README's machine with every answer in time.
const callsPerCore = 15

// openGateway opens everything and listens; nothing is served before run. On
// an error what was opened is closed again.
func openGateway(ctx context.Context, cfg config.Config, log *slog.Logger) (*gateway, error) {
	g := &gateway{cfg: cfg, log: log}
	for _, step := range []func(context.Context) error{
		g.openData, g.openShop, g.openSpeech, g.openBrain, g.openReception, g.openDoors, g.openEyes, g.openListeners,
		g.openKey, // last: a start that fails must not use up the key that is shown once
	} {
		if err := step(ctx); err != nil {
			return nil, errors.Join(err, g.close())
		}
	}
	return g, nil
}

// onClose remembers what to undo.
func (g *gateway) onClose(f func() error) { g.closers = append(g.closers, f) }

func (g *gateway) close() error {
	var errs []error
	for i := len(g.closers) - 1; i >= 0; i-- {
		errs = append(errs, g.closers[i]())
	}
	g.closers = nil
	return errors.Join(errs...)
}

func (g *gateway) openData(ctx context.Context) (err error) {
	if g.dir, err = openDataDir(g.cfg.DataDir); err != nil {
		return err
	}
	if g.store, err = store.Open(ctx, string(g.dir)); err != nil {
		return err
	}
	g.onClose(g.store.Close)
	g.secret, err = g.dir.secret()
	return err
}

func (g *gateway) openSpeech(ctx context.Context) (err error) {
	if g.speech, err = openSpeech(ctx, g.cfg); err != nil {
		return err
	}
	g.onClose(g.speech.Close)
	g.capacity = voice.NewCapacity(g.speech.calls())
	return nil
}

func (g *gateway) openShop(context.Context) (err error) {
	if g.shop, err = openShop(g.cfg.Shop, g.dir.file("shop.jsonl")); err != nil {
		return err
	}
	g.onClose(g.shop.close)
	return nil
}

func (g *gateway) openDoors(context.Context) (err error) {
	lines, err := sipConfig(g.cfg)
	if err != nil {
		return err
	}
	if g.phones, err = sip.Open(lines, g.answerPhone, sip.Options{Admission: g.capacity, Log: g.log}); err != nil {
		return busyPort("sip.listen", fmt.Sprint(g.cfg.SIP.Listen), err)
	}
	g.onClose(g.phones.Close)
	low, high, err := g.cfg.WebRTC.PortRange()
	if err != nil {
		return err
	}
	w := webrtc.Config{Listen: g.cfg.WebRTC.Listen, External: g.cfg.WebRTC.External, Low: low, High: high}
	if g.browsers, err = webrtc.Open(w, g.answerBrowser, webrtc.Options{Admission: g.capacity, Log: g.log}); err != nil {
		return err
	}
	g.onClose(g.browsers.Close)
	return nil
}

func (g *gateway) openListeners(ctx context.Context) (err error) {
	var lc net.ListenConfig
	if g.http, err = lc.Listen(ctx, "tcp", g.cfg.HTTP.Listen); err != nil {
		return busyPort("http.listen", g.cfg.HTTP.Listen, err)
	}
	g.onClose(ignoreClosed(g.http.Close))
	if g.ops, err = lc.Listen(ctx, "tcp", g.cfg.Ops.Listen); err != nil {
		return busyPort("ops.listen", g.cfg.Ops.Listen, err)
	}
	g.onClose(ignoreClosed(g.ops.Close))
	return nil
}

func (g *gateway) openKey(ctx context.Context) (err error) {
	g.firstKey, err = firstKey(ctx, g.store)
	return err
}

// ignoreClosed closes what a server may have closed already.
func ignoreClosed(f func() error) func() error {
	return func() error {
		if err := f(); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
		return nil
	}
}

// busyPort says what to do about the commonest reason why a start fails.
func busyPort(key, address string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s %s is in use by another program: stop that one, or choose another address in waggle.yaml", key, address)
	}
	return fmt.Errorf("%s %s: %w", key, address, err)
}

// Limits of the HTTP servers: a header within 5 s, an idle line for a minute.
const (
	headerTime  = 5 * time.Second
	idleTime    = time.Minute
	headerBytes = 32 << 10
	stopTime    = 5 * time.Second
)

func httpServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTime, IdleTimeout: idleTime, MaxHeaderBytes: headerBytes}
}

// run serves until ctx ends, then drains: no new work from that moment, calls
// in progress finish, and only then does everything close.
func (g *gateway) run(ctx context.Context) error {
	pages, ops := httpServer(g.handler()), httpServer(g.figures.handler())
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, ended := errgroup.WithContext(ctx)
	group.Go(func() error { return serveHTTP(pages, g.http) })
	group.Go(func() error { return serveHTTP(ops, g.ops) })
	group.Go(func() error { return g.warmVoice(ended) })
	group.Go(func() error { return g.followKnowledge(ended) })
	group.Go(func() error { return g.readCatalogue(ended) })
	group.Go(func() error { return g.retainPhotos(ended) })
	if runner := g.runner(); runner != nil {
		group.Go(func() error { return runner.Run(ended) })
	}
	group.Go(func() error {
		<-ended.Done()
		defer stop()
		g.log.Info("stopping: no new calls; those in progress may finish")
		return errors.Join(g.capacity.Drain(work), shutdown(work, pages), shutdown(work, ops))
	})
	return errors.Join(group.Wait(), g.close())
}

func serveHTTP(s *http.Server, l net.Listener) error {
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// shutdown closes a server; event streams that never end by themselves are cut.
func shutdown(ctx context.Context, s *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	if err := s.Shutdown(ctx); err != nil {
		return s.Close()
	}
	return nil
}

// ready is what /readyz says.
func (g *gateway) ready() error {
	if g.capacity.Draining() {
		return errors.New("the gateway is stopping")
	}
	return nil
}

// dataDir is the folder that holds everything that must survive a restart.
type dataDir string

// openDataDir makes the folder for nobody else's eyes.
func openDataDir(path string) (dataDir, error) {
	d := dataDir(path)
	for _, p := range []string{path, d.file("recordings"), d.file("photos")} {
		if err := os.MkdirAll(p, 0o700); err != nil {
			return "", fmt.Errorf("data_dir %s: %w", path, err)
		}
	}
	return d, nil
}
