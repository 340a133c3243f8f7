package webrtc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	pion "github.com/pion/webrtc/v4"
)

// Request is a WHIP offer.
type Request struct {
	SDP          string
	Conversation string // handed through to the handler
}

// Answer is what a POST gets back: 201 with Location (from ID), ETag and SDP.
type Answer struct {
	ID   string
	ETag string // of the ICE session, without quotes (RFC 9725 4.3.1)
	SDP  string
}

// Offer answers an offer. The session is dropped unless the browser connects
// in time. Errors: ErrBadOffer, ErrNoCodec, ErrTooLarge, ErrTooMany (4xx) or
// that of the admission (503).
func (s *Server) Offer(ctx context.Context, r Request) (Answer, error) {
	codec, err := checkOffer(r.SDP)
	if err != nil {
		return Answer{}, err
	}
	seat := func() {}
	if s.opts.Admission != nil {
		if seat, err = s.opts.Admission.Admit(); err != nil {
			return Answer{}, err
		}
	}
	p, err := newPeer(s, r.Conversation, codec, seat)
	if err != nil {
		seat()
		return Answer{}, err
	}
	sdp, err := p.answer(ctx, r.SDP)
	if err == nil {
		err = s.add(p)
	}
	if err != nil {
		return Answer{}, errors.Join(err, p.drop())
	}
	s.log.Info("browser answered", "call", p.id, "codec", codec.MimeType)
	return Answer{ID: p.id, ETag: p.etag(), SDP: sdp}, nil
}

// answer applies an offer and waits until all our candidates are in the
// answer: there are few, and none needs a server.
func (p *peer) answer(ctx context.Context, offer string) (string, error) {
	if err := p.pc.SetRemoteDescription(pion.SessionDescription{Type: pion.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	gathered := pion.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	ctx, stop := context.WithTimeout(ctx, gatherTime)
	defer stop()
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", fmt.Errorf("webrtc: gathering candidates: %w", ctx.Err())
	}
	p.offer = offer
	return p.pc.LocalDescription().SDP, nil
}

// etag names the ICE session: it is our ICE user fragment.
func (p *peer) etag() string { return attribute(p.pc.LocalDescription().SDP, "ice-ufrag") }

// Patched is what a PATCH gets back: 204 when SDP is empty, else 200 with the
// fragment and the new ETag.
type Patched struct{ SDP, ETag string }

// Patch takes a trickle-ICE fragment (RFC 8840): new candidates, or, when its
// ICE user fragment is new, an ICE restart (RFC 9725 4.3.3). match is the
// If-Match header without quotes: "*" or the ETag, "" if there was none.
func (s *Server) Patch(ctx context.Context, id, match, fragment string) (Patched, error) {
	p, err := s.find(id)
	if err != nil {
		return Patched{}, err
	}
	if len(fragment) > maxSDP {
		return Patched{}, ErrTooLarge
	}
	p.patching.Lock()
	defer p.patching.Unlock()
	ufrag := attribute(fragment, "ice-ufrag")
	if ufrag != "" && ufrag != attribute(p.offer, "ice-ufrag") {
		return p.restart(ctx, fragment)
	}
	if match != "" && match != "*" && match != p.etag() {
		return Patched{}, ErrStale
	}
	return Patched{}, p.trickle(fragment)
}

// trickle adds candidates; empty ones mark the end.
func (p *peer) trickle(fragment string) error {
	if p.candidates += countCandidates(fragment); p.candidates > maxCandidates {
		return ErrTooMany
	}
	for line := range strings.SplitSeq(fragment, "\n") {
		candidate, ok := strings.CutPrefix(strings.TrimSpace(line), "a=")
		if !ok || !strings.HasPrefix(candidate, "candidate:") {
			continue
		}
		mid := attribute(fragment, "mid")
		if err := p.pc.AddICECandidate(pion.ICECandidateInit{Candidate: candidate, SDPMid: &mid}); err != nil {
			return fmt.Errorf("%w: %w", ErrBadOffer, err)
		}
	}
	return nil
}

// restart begins a new ICE session for the same call: the browser has moved to
// another network. Media keys and everything above them stay.
func (p *peer) restart(ctx context.Context, fragment string) (Patched, error) {
	ufrag, pwd := attribute(fragment, "ice-ufrag"), attribute(fragment, "ice-pwd")
	if pwd == "" {
		return Patched{}, ErrBadOffer
	}
	p.candidates = 0
	sdp, err := p.answer(ctx, withICE(p.offer, ufrag, pwd))
	if err != nil {
		return Patched{}, err
	}
	if err := p.trickle(fragment); err != nil {
		return Patched{}, err
	}
	return Patched{SDP: iceFragment(sdp), ETag: p.etag()}, nil
}

// withICE is an offer with other ICE credentials and no candidates.
func withICE(offer, ufrag, pwd string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(offer, "\r\n"), "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case strings.HasPrefix(line, "a=candidate:"), line == "a=end-of-candidates":
			continue
		case strings.HasPrefix(line, "a=ice-ufrag:"):
			line = "a=ice-ufrag:" + ufrag
		case strings.HasPrefix(line, "a=ice-pwd:"):
			line = "a=ice-pwd:" + pwd
		}
		b.WriteString(line + "\r\n")
	}
	return b.String()
}

// iceFragment cuts an answer down to what a trickle fragment may hold.
func iceFragment(sdp string) string {
	var b strings.Builder
	for _, prefix := range []string{"a=ice-lite", "a=ice-ufrag:", "a=ice-pwd:", "m=", "a=mid:", "a=candidate:", "a=end-of-candidates"} {
		for line := range strings.SplitSeq(sdp, "\n") {
			if line = strings.TrimRight(line, "\r"); strings.HasPrefix(line, prefix) {
				b.WriteString(line + "\r\n")
			}
		}
	}
	return b.String()
}

// attribute returns the value of the first a=name: line.
func attribute(sdp, name string) string {
	for line := range strings.SplitSeq(sdp, "\n") {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), "a="+name+":"); ok {
			return value
		}
	}
	return ""
}
