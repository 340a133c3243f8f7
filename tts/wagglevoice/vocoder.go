package wagglevoice

import (
	"fmt"
	"math/rand/v2"

	"waggle/models/onnx"
)

// Speaker turns the frames of one phrase into sound, block by block. Each
// block sees the same frames around it as one pass over the whole phrase
// would, the pulses continue at the phase where the block before ended, and
// the noise is the same stream; so blocks of any size give the same sound. It
// belongs to one goroutine.
type Speaker struct {
	v      *Voice
	frames Frames
	next   int       // first frame not yet spoken
	phase  float32   // of the pulses, in cycles, where the vocoder wants it
	noise  []float32 // for frames next-context .. next+context and on
	rng    *rand.Rand
	in     blockInput
}

// blockInput holds the tensors of the last block size, which most blocks share.
type blockInput struct {
	size                      int
	mel, f0, voiced, noise, p *onnx.Tensor[float32]
}

// Speak prepares a phrase. seed chooses the noise; the same seed gives the
// same sound. Close must be called in the end.
func (v *Voice) Speak(f Frames, seed uint64) *Speaker {
	return &Speaker{v: v, frames: f, rng: rand.New(rand.NewPCG(seed, 0x77616767))}
}

// Left is the number of frames not yet spoken.
func (s *Speaker) Left() int { return s.frames.Len() - s.next }

// Close frees the tensors.
func (s *Speaker) Close() { s.in.close() }

// Block appends the sound of the next frames, at most n, to dst: Hop samples a
// frame, full scale is 1.
func (s *Speaker) Block(dst []float32, n int) ([]float32, error) {
	n = min(n, s.Left())
	if n <= 0 {
		return dst, nil
	}
	if err := s.in.resize(s.v, n+2*s.v.context); err != nil {
		return dst, err
	}
	s.fill()
	var out [2]onnx.Value
	defer func() { closeAll(out[:]) }()
	if err := s.v.vocoder.Run([]onnx.Value{s.in.mel, s.in.f0, s.in.voiced, s.in.noise, s.in.p}, out[:]); err != nil {
		return dst, err
	}
	audio, err := onnx.As[float32](out[0])
	if err != nil {
		return dst, err
	}
	phase, err := onnx.As[float32](out[1])
	if err != nil {
		return dst, err
	}
	if len(audio.Data()) != n*s.v.Hop || len(phase.Data()) != 1 {
		return dst, fmt.Errorf("%w: %d samples for %d frames", ErrModel, len(audio.Data()), n)
	}
	s.advance(n, phase.Data()[0])
	return append(dst, audio.Data()...), nil
}

// fill writes frames next-context .. next+n+context into the tensors. Beyond
// its ends the phrase goes on as its first and last frame.
func (s *Speaker) fill() {
	mels, last := s.v.Mels, s.frames.Len()-1
	mel, f0, voiced := s.in.mel.Data(), s.in.f0.Data(), s.in.voiced.Data()
	for k := range s.in.size {
		t := min(max(s.next-s.v.context+k, 0), last)
		copy(mel[k*mels:(k+1)*mels], s.frames.Mel[t*mels:])
		f0[k], voiced[k] = s.frames.F0[t], s.frames.Voiced[t]
	}
	for len(s.noise) < s.in.size*s.v.Hop {
		s.noise = append(s.noise, float32(s.rng.NormFloat64()))
	}
	copy(s.in.noise.Data(), s.noise)
	s.in.p.Data()[0] = s.phase
}

func (s *Speaker) advance(n int, phase float32) {
	s.next += n
	s.phase = phase
	kept := copy(s.noise, s.noise[n*s.v.Hop:])
	s.noise = s.noise[:kept]
}

func (b *blockInput) resize(v *Voice, size int) (err error) {
	if b.size == size {
		return nil
	}
	b.close()
	n := int64(size)
	for _, t := range []struct {
		at   **onnx.Tensor[float32]
		dims []int64
	}{
		{&b.mel, []int64{1, n, int64(v.Mels)}}, {&b.f0, []int64{1, n}}, {&b.voiced, []int64{1, n}},
		{&b.noise, []int64{1, n * int64(v.Hop)}}, {&b.p, []int64{1}},
	} {
		if *t.at, err = onnx.New[float32](t.dims...); err != nil {
			b.close()
			return err
		}
	}
	b.size = size
	return nil
}

func (b *blockInput) close() {
	for _, t := range []*onnx.Tensor[float32]{b.mel, b.f0, b.voiced, b.noise, b.p} {
		if t != nil {
			_ = t.Close()
		}
	}
	*b = blockInput{}
}
