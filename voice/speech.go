package voice

import "time"

// Line is one sentence to say.
type Line struct {
	Text string
	// Protected sentences are said to their end even if the caller speaks:
	// who is calling, that it is an AI, that the call is recorded.
	Protected bool
	// Said is called on the beat after the sentence was sent whole. It must not
	// block.
	Said func()
}

// Speech is one reply on its way to the caller. Its lines are filled with
// sound while earlier ones are already being said. All access is under the
// lock of its Playout.
type Speech struct {
	playout  *Playout
	segments []segment
	current  int       // segment being said
	position int       // samples of it that were sent
	ready    time.Time // when its first sound was made
	first    time.Time // when its first sound was sent
	cut      bool      // the rest was dropped
	ended    bool
	done     chan struct{}
}

// segment is a line with its sound.
type segment struct {
	Line
	pcm      []int16
	samples  int // of pcm, kept when pcm is given back
	complete bool
}

// charactersPerSecond is a usual pace of Mandarin, for the part of a sentence
// whose whole length is not known yet.
const charactersPerSecond = 4.5

// NewSpeech makes a speech of these lines, without sound yet.
func NewSpeech(lines []Line) *Speech {
	s := &Speech{done: make(chan struct{})}
	for _, l := range lines {
		s.segments = append(s.segments, segment{Line: l})
	}
	return s
}

// Done is closed when the speech was said or stopped.
func (s *Speech) Done() <-chan struct{} { return s.done }

// Add appends sound to a line. It reports false once the speech is over, so
// that the mouth stops.
func (s *Speech) Add(line int, pcm []int16) bool {
	s.playout.mu.Lock()
	defer s.playout.mu.Unlock()
	if s.ended || line >= len(s.segments) {
		return false
	}
	if s.ready.IsZero() {
		s.ready = time.Now()
	}
	seg := &s.segments[line]
	seg.pcm = append(seg.pcm, pcm...)
	return true
}

// Complete says that a line has all its sound.
func (s *Speech) Complete(line int) {
	s.playout.mu.Lock()
	defer s.playout.mu.Unlock()
	if line < len(s.segments) {
		s.segments[line].complete = true
	}
}

// First is when the first sound was made and when it was sent; zero if none was.
func (s *Speech) First() (made, sent time.Time) {
	s.playout.mu.Lock()
	defer s.playout.mu.Unlock()
	return s.ready, s.first
}

// Heard is the part of the text that was sent, and whether that is all of it.
// A protected sentence counts whole as long as it is being said.
func (s *Speech) Heard() (text string, all bool) {
	s.playout.mu.Lock()
	defer s.playout.mu.Unlock()
	for i := range s.segments {
		if i < s.current {
			text += s.segments[i].Text
		}
	}
	if s.current < len(s.segments) {
		text += s.partHeard(&s.segments[s.current])
	}
	return text, s.current >= len(s.segments) && !s.cut
}

// partHeard is the beginning of a line that was sent, by its share of samples.
func (s *Speech) partHeard(seg *segment) string {
	if s.protected() {
		return seg.Text
	}
	runes := []rune(seg.Text)
	total := max(seg.samples, len(seg.pcm))
	if !seg.complete {
		total = max(total, int(float64(len(runes))*float64(s.playout.rate)/charactersPerSecond))
	}
	if total == 0 {
		return ""
	}
	return string(runes[:min(len(runes), len(runes)*s.position/total)])
}

// take copies the next samples out and moves on.
func (s *Speech) take(dst []int16, now time.Time) int {
	if s.over() {
		return 0
	}
	seg := &s.segments[s.current]
	n := copy(dst, seg.pcm[s.position:])
	s.position += n
	if n > 0 && s.first.IsZero() {
		s.first = now
	}
	if seg.complete && s.position >= len(seg.pcm) {
		seg.samples, seg.pcm = len(seg.pcm), nil
		s.current, s.position = s.current+1, 0
		if seg.Said != nil {
			s.playout.said = append(s.playout.said, seg.Said)
		}
	}
	return n
}

// back makes the last n samples of the current line unsaid.
func (s *Speech) back(n int) { s.position = max(0, s.position-n) }

// takeUp goes back to the beginning of the word that was cut.
func (s *Speech) takeUp() {
	if seg := &s.segments[s.current]; s.position > 0 {
		s.position = takeUp(seg.pcm, s.position, s.playout.rate)
	}
}

func (s *Speech) over() bool { return s.ended || s.current >= len(s.segments) }

// sounding reports whether something of it has been sent.
func (s *Speech) sounding() bool { return !s.first.IsZero() && !s.over() }

func (s *Speech) protected() bool { return !s.over() && s.segments[s.current].Protected }

// cutAfterProtected drops what follows the protected sentence being said.
func (s *Speech) cutAfterProtected() {
	last := s.current
	for last < len(s.segments) && s.segments[last].Protected {
		last++
	}
	s.cut = s.cut || last < len(s.segments)
	s.segments = s.segments[:last]
}

func (s *Speech) finish() {
	if !s.ended {
		s.ended = true
		close(s.done)
	}
}
