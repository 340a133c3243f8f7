package webrtc

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pion/rtcp"
	pion "github.com/pion/webrtc/v4"

	"waggle/voice"
)

// peer is one WHIP session: a browser that is connecting or talking.
type peer struct {
	server       *Server
	id           string
	conversation string
	pc           *pion.PeerConnection
	seat         func()
	leg          *leg

	patching   sync.Mutex // one PATCH at a time; guards what follows
	offer      string     // the last one that was answered
	candidates int        // trickled so far

	connected chan struct{}
	ended     chan struct{}
	once      sync.Once
	up        sync.Once

	mu      sync.Mutex
	cause   voice.Cause
	dropped bool           // no more pumps
	pumps   sync.WaitGroup // goroutines that read from pion
}

// newPeer makes a connection with our audio track in it.
func newPeer(s *Server, conversation string, codec pion.RTPCodecCapability, seat func()) (*peer, error) {
	pc, err := s.api.NewPeerConnection(pion.Configuration{})
	if err != nil {
		return nil, fmt.Errorf("webrtc: %w", err)
	}
	p := &peer{server: s, id: newID(), conversation: conversation, pc: pc, seat: seat,
		connected: make(chan struct{}), ended: make(chan struct{})}
	if err := p.prepare(codec); err != nil {
		return nil, errors.Join(fmt.Errorf("webrtc: %w", err), pc.Close())
	}
	return p, nil
}

func (p *peer) prepare(codec pion.RTPCodecCapability) error {
	track := &track{codec: codec}
	var err error
	if p.leg, err = newLeg(p, track); err != nil {
		return err
	}
	sender, err := p.pc.AddTrack(track)
	if err != nil {
		return err
	}
	p.pump(func() { p.reports(sender) })
	p.pc.OnConnectionStateChange(p.state)
	p.pc.OnTrack(func(t *pion.TrackRemote, r *pion.RTPReceiver) { p.pump(func() { p.leg.listen(t, r) }) })
	return nil
}

// pump starts a reader that ends with the connection.
func (p *peer) pump(read func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dropped {
		p.pumps.Go(read)
	}
}

// state follows the connection. ICE may fail and come back by a restart until
// pion gives up.
func (p *peer) state(s pion.PeerConnectionState) {
	p.server.log.Debug("connection state", "call", p.id, "state", s.String())
	switch s {
	case pion.PeerConnectionStateDisconnected:
		p.leg.mend(true)
	case pion.PeerConnectionStateConnected:
		p.leg.mend(false)
		p.up.Do(func() { close(p.connected) })
	case pion.PeerConnectionStateFailed, pion.PeerConnectionStateClosed:
		p.end(voice.CauseHangUp)
	}
}

// end marks the session as over. Only the first cause counts.
func (p *peer) end(cause voice.Cause) {
	p.once.Do(func() {
		p.mu.Lock()
		p.cause = cause
		p.mu.Unlock()
		close(p.ended)
	})
}

// run waits for the browser, lets the handler talk to it, and cleans up.
func (p *peer) run() {
	wait := time.NewTimer(p.server.opts.Connect)
	defer wait.Stop()
	select {
	case <-p.connected:
		p.talk()
	case <-wait.C:
		p.end(voice.CauseNoMedia)
	case <-p.ended:
	}
	if err := p.drop(); err != nil {
		p.server.log.Info("closing the connection", "call", p.id, "error", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server.log.Info("browser gone", "call", p.id, "cause", p.cause, "quality", fmt.Sprintf("%+v", p.leg.Quality()))
}

// talk runs the handler until it returns, and closes the leg when the session
// ends first.
func (p *peer) talk() {
	limit := time.NewTimer(p.server.config.Longest)
	defer limit.Stop()
	done := make(chan struct{})
	var handler sync.WaitGroup
	handler.Go(func() {
		defer close(done)
		p.server.handler(p.server.life, Incoming{ID: p.id, Conversation: p.conversation, Leg: p.leg})
	})
	select {
	case <-done:
		p.end(voice.CauseNormal)
	case <-limit.C:
		p.end(voice.CauseLimit)
	case <-p.ended:
	}
	p.leg.shut()
	handler.Wait()
}

// drop closes the connection, waits for its goroutines and gives the seat
// back.
func (p *peer) drop() error {
	p.leg.shut()
	p.mu.Lock()
	p.dropped = true
	p.mu.Unlock()
	err := p.pc.GracefulClose()
	p.pumps.Wait()
	p.seat()
	return err
}

// reports reads what the browser reports of our stream, alone or with its own
// sender reports.
func (p *peer) reports(sender *pion.RTPSender) {
	for {
		packets, _, err := sender.ReadRTCP()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
			return
		}
		if err != nil {
			p.server.log.Debug("RTCP", "call", p.id, "error", err)
			return
		}
		for _, packet := range packets {
			switch report := packet.(type) {
			case *rtcp.ReceiverReport:
				p.judged(report.Reports)
			case *rtcp.SenderReport:
				p.judged(report.Reports)
			}
		}
	}
}

func (p *peer) judged(blocks []rtcp.ReceptionReport) {
	for _, b := range blocks {
		p.leg.reported(b)
	}
}
