package online

import "waggle/asr/fbank"

// ring is how many of the newest frames are kept. Of the last quietFrames the
// quietest stands in for the silence after the utterance.
const (
	ring        = 100
	quietFrames = 40
)

// windows cuts feature frames into windows.
type windows struct {
	size, shift int // frames
	buf         []float32
	recent      [][fbank.Bins]float32 // ring of the newest frames
	frames      int                   // since the utterance began
	loudest     float32               // loudness of the loudest of them
	done        int                   // windows handed on
}

func newWindows(size, shift int) *windows {
	return &windows{
		size: size, shift: shift, buf: make([]float32, 0, size*fbank.Bins),
		recent: make([][fbank.Bins]float32, ring),
	}
}

func (w *windows) reset() { w.buf, w.frames, w.done = w.buf[:0], 0, 0 }

// slot is where the next frame is written before add.
func (w *windows) slot() *[fbank.Bins]float32 { return &w.recent[w.frames%ring] }

// add takes the frame in slot and hands a window on when one is full.
func (w *windows) add(take func([]float32) error) error {
	row := w.slot()
	if l := loudness(row); w.frames == 0 || l > w.loudest {
		w.loudest = l
	}
	w.frames++
	return w.push(row, take)
}

func (w *windows) push(row *[fbank.Bins]float32, take func([]float32) error) error {
	w.buf = append(w.buf, row[:]...)
	if len(w.buf) < cap(w.buf) {
		return nil
	}
	w.done++
	err := take(w.buf)
	w.buf = w.buf[:copy(w.buf, w.buf[w.shift*fbank.Bins:])]
	return err
}

// finish appends silence until every frame, and tail more, has been followed
// by what the model looks ahead.
func (w *windows) finish(tail int, take func([]float32) error) error {
	if w.frames == 0 {
		return nil
	}
	quiet := w.quietest()
	for need := w.frames + tail; w.done*w.shift < need; {
		if err := w.push(&quiet, take); err != nil {
			return err
		}
	}
	return nil
}

// copyFrom takes over where other windows stand.
func (w *windows) copyFrom(o *windows) {
	w.buf = append(w.buf[:0], o.buf...)
	copy(w.recent, o.recent)
	w.frames, w.loudest, w.done = o.frames, o.loudest, o.done
}

func (w *windows) quietest() [fbank.Bins]float32 {
	best := w.frames - 1
	for i := max(w.frames-quietFrames, 0); i < w.frames; i++ {
		if w.loudness(i) < w.loudness(best) {
			best = i
		}
	}
	return w.recent[best%ring]
}

// loudness is that of frame i of the utterance, one of the newest.
func (w *windows) loudness(i int) float32 { return loudness(&w.recent[i%ring]) }

// loudness is the sum of a frame's log energies.
func loudness(row *[fbank.Bins]float32) (sum float32) {
	for _, v := range row {
		sum += v
	}
	return sum
}

// silentSince reports whether frame number at lay in a pause that lasts: the
// ten frames before it were well below the loudest of the utterance, and none
// from there on is louder than they.
func (w *windows) silentSince(at int) bool {
	const (
		before = 10
		below  = 1.5 * fbank.Bins // 6.5 dB in every bin
		margin = 1.0 * fbank.Bins
	)
	if at < before || w.frames-at > ring-before {
		return false // no pause to compare with, or it has left the ring
	}
	pause := w.loudness(at - before)
	for i := at - before; i < at; i++ {
		pause = max(pause, w.loudness(i))
	}
	if pause > w.loudest-below {
		return false
	}
	for i := at; i < w.frames; i++ {
		if w.loudness(i) > pause+margin {
			return false
		}
	}
	return true
}
