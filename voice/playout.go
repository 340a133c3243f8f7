package voice

import (
	"sync"
	"time"
)

// frameTime is the beat of the line.
const frameTime = 20 * time.Millisecond

// Playout is what the caller hears: the replies one after the other, silence
// in between. One goroutine takes a frame per beat; the mouth adds sound, the
// ear pauses it when the caller speaks, and at any moment it can tell how much
// of a reply has really been sent.
type Playout struct {
	rate   int
	frame  int // samples per beat
	mu     sync.Mutex
	queue  []*Speech
	paused bool
	held   bool // the line is on hold: time stands still
	fading bool // the next frame fades out, and is repeated on Resume
	rising bool // the next frame fades in
	filler filler
	said   []func() // to be called when the frame handed out last was sent
	out    []int16
}

// filler is what bridges the wait for a slow answer.
type filler struct {
	due time.Time
	pcm []int16
}

// NewPlayout makes the playout for a sample rate in Hz.
func NewPlayout(rate int) *Playout {
	frame := rate / int(time.Second/frameTime)
	return &Playout{rate: rate, frame: frame, out: make([]int16, frame)}
}

// Play queues a speech behind those that are being said.
func (p *Playout) Play(s *Speech) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.playout = p
	p.filler = filler{}
	p.queue = append(p.queue, s)
}

// Bridge has the prompt played at the given time unless Play came first or
// NoBridge was called.
func (p *Playout) Bridge(due time.Time, pcm []int16) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filler = filler{due: due, pcm: pcm}
}

// NoBridge takes a Bridge back.
func (p *Playout) NoBridge() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.filler = filler{}
}

// Next yields the frame of this beat; it is valid until the next call.
func (p *Playout) Next(now time.Time) []int16 {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, said := range p.said {
		said()
	}
	p.said = p.said[:0]
	if f := p.filler; !p.held && len(p.queue) == 0 && len(f.pcm) > 0 && !now.Before(f.due) {
		p.filler = filler{}
		s := NewSpeech([]Line{{}})
		s.playout = p
		s.segments[0].pcm, s.segments[0].complete = f.pcm, true
		p.queue = append(p.queue, s)
	}
	clear(p.out)
	if p.held || p.silenced() {
		return p.out
	}
	n := p.fill(now)
	if p.fading {
		p.fading = false
		ramp(p.out[:n], false)
		p.queue[0].back(n)
	}
	if p.rising && n > 0 {
		p.rising = false
		ramp(p.out[:n], true)
	}
	p.clean()
	return p.out
}

// silenced reports whether the floor is the caller's. What is protected is said
// nevertheless, and the frame after Pause still fades out.
func (p *Playout) silenced() bool {
	if !p.paused || len(p.queue) == 0 {
		return p.paused
	}
	return !p.fading && !p.queue[0].protected()
}

// fill copies sound into the frame, across the seam of two sentences.
func (p *Playout) fill(now time.Time) (n int) {
	for n < p.frame && len(p.queue) > 0 {
		got := p.queue[0].take(p.out[n:], now)
		n += got
		if got == 0 && !p.queue[0].over() {
			break // the mouth has not made more yet
		}
		if p.queue[0].over() {
			if p.fading {
				break
			}
			p.clean()
		}
	}
	return n
}

// clean drops speeches that are over from the head of the queue.
func (p *Playout) clean() {
	for len(p.queue) > 0 && p.queue[0].over() {
		p.queue[0].finish()
		p.queue = p.queue[1:]
	}
}

// Pause gives the floor to the caller within one frame.
func (p *Playout) Pause() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused {
		return
	}
	p.paused = true
	p.fading = len(p.queue) > 0 && p.queue[0].sounding() && !p.queue[0].protected()
}

// Resume goes on with the word that Pause cut, from its beginning.
func (p *Playout) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.paused {
		p.paused, p.fading = false, false
		p.goOn()
	}
}

// Hold stops the playout while the line is on hold, also what is protected;
// afterwards the word that was cut is repeated.
func (p *Playout) Hold(held bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held && !held && !p.paused {
		p.goOn()
	}
	p.held = held
}

// goOn takes up the sentence that was cut.
func (p *Playout) goOn() {
	p.rising = true
	if len(p.queue) > 0 && p.queue[0].sounding() {
		p.queue[0].takeUp()
	}
}

// Stop drops all that is queued, except a protected sentence that is being
// said, and takes back a Pause.
func (p *Playout) Stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.paused, p.fading, p.rising, p.filler = false, false, false, filler{}
	kept := p.queue[:0]
	for i, s := range p.queue {
		if i == 0 && s.protected() {
			s.cutAfterProtected()
			kept = append(kept, s)
			continue
		}
		s.finish()
	}
	p.queue = kept
}

// Close ends whatever is being said: the line is gone.
func (p *Playout) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.queue {
		s.finish()
	}
	p.queue, p.filler = nil, filler{}
}

// Busy reports whether a reply is being said or waits to be.
func (p *Playout) Busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.queue) > 0
}

// ramp fades a frame in or out, so that cutting into a word does not click.
func ramp(pcm []int16, up bool) {
	n := len(pcm)
	for i, x := range pcm {
		gain := n - i
		if up {
			gain = i
		}
		pcm[i] = int16(int(x) * gain / n)
	}
}
