package voice

import (
	"fmt"
	"io"
	"sync"
	"time"

	"waggle/audio"
)

// File is where a recording is written; *os.File is one.
type File interface {
	io.WriteSeeker
	io.Closer
}

const (
	// recordingBlock is how much sound is gathered for one write.
	recordingBlock = time.Second
	// recordingSkew is how far one side may run ahead before the other is
	// filled with silence: a browser that sends nothing while muted.
	recordingSkew = 2 * time.Second
)

// Gap is a stretch that is missing in a recording: the disk was full.
type Gap struct {
	At, Length time.Duration
}

// RecordingReport tells what became of a recording.
type RecordingReport struct {
	// Length of the file in time; zero if it was never started.
	Length time.Duration
	Gaps   []Gap
	// Refused is set when the caller did not want it: the file was deleted.
	Refused bool
	// Err is why there is no file although one was wanted.
	Err error
}

// Recording writes the call to a WAV file with two channels: the caller left,
// the robot right. It begins only when Start is called, after the
// announcement. A disk that is full makes a gap, which is filled with silence
// when there is room again; it never ends the call. All methods may be called
// on a nil Recording and from any goroutine.
type Recording struct {
	rate   int
	open   func() (File, error)
	remove func() error

	mu       sync.Mutex
	file     File
	writer   *audio.WAVWriter
	left     side
	right    side
	mixed    []int16
	written  int // samples per channel
	missing  int // samples per channel of the gap that is open
	report   RecordingReport
	finished bool
}

// side is one channel, brought to the rate of the file.
type side struct {
	pcm      []int16
	resample *audio.Resampler
	from     int
}

// NewRecording prepares a recording at a rate in Hz. open makes the file when
// the recording starts; remove deletes it when the caller refuses.
func NewRecording(rate int, open func() (File, error), remove func() error) *Recording {
	return &Recording{rate: rate, open: open, remove: remove}
}

// Start begins to record. Later calls do nothing.
func (r *Recording) Start() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file != nil || r.finished {
		return
	}
	if err := r.begin(); err != nil {
		r.finished, r.report.Err = true, err // the call goes on without
	}
}

func (r *Recording) begin() error {
	file, err := r.open()
	if err != nil {
		return fmt.Errorf("voice: open the recording: %w", err)
	}
	writer, err := audio.NewWAVWriter(file, r.rate, 2)
	if err != nil {
		_ = file.Close() // the first error tells more
		return fmt.Errorf("voice: begin the recording: %w", err)
	}
	r.file, r.writer = file, writer
	return nil
}

// Caller records a frame from the line.
func (r *Recording) Caller(f audio.Frame) {
	if r != nil {
		r.add(&r.left, f)
	}
}

// Robot records a frame sent to the line.
func (r *Recording) Robot(f audio.Frame) {
	if r != nil {
		r.add(&r.right, f)
	}
}

func (r *Recording) add(s *side, f audio.Frame) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil || r.finished {
		return
	}
	s.add(f, r.rate)
	skew := r.samples(recordingSkew)
	for _, pair := range [][2]*side{{&r.left, &r.right}, {&r.right, &r.left}} {
		if ahead := len(pair[0].pcm) - len(pair[1].pcm); ahead > skew {
			pair[1].pcm = append(pair[1].pcm, make([]int16, ahead)...)
		}
	}
	if n := min(len(r.left.pcm), len(r.right.pcm)); n >= r.samples(recordingBlock) {
		r.flush(n)
	}
}

func (s *side) add(f audio.Frame, rate int) {
	if f.Rate == rate {
		s.pcm = append(s.pcm, f.PCM...)
		return
	}
	if s.resample == nil || s.from != f.Rate {
		resample, err := audio.NewResampler(f.Rate, rate)
		if err != nil {
			return // a frame without a valid rate is not heard either
		}
		s.resample, s.from = resample, f.Rate
	}
	s.pcm = s.resample.Append(s.pcm, f.PCM)
}

// flush writes n samples of both sides, or counts them as missing.
func (r *Recording) flush(n int) {
	r.mixed = r.mixed[:0]
	for i := range n {
		r.mixed = append(r.mixed, r.left.pcm[i], r.right.pcm[i])
	}
	r.left.drop(n)
	r.right.drop(n)
	if r.missing > 0 && r.writer.Write(make([]int16, 2*r.missing)) == nil {
		r.closeGap()
	}
	if r.missing > 0 || r.writer.Write(r.mixed) != nil {
		r.missing += n
		return
	}
	r.written += n
}

// closeGap books the silence that now stands for what was missing.
func (r *Recording) closeGap() {
	r.report.Gaps = append(r.report.Gaps, Gap{At: r.time(r.written), Length: r.time(r.missing)})
	r.written += r.missing
	r.missing = 0
}

func (s *side) drop(n int) { s.pcm = s.pcm[:copy(s.pcm, s.pcm[n:])] }

// Refuse stops for good and deletes what was recorded: the caller said no.
func (r *Recording) Refuse() error {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.report.Refused {
		return nil
	}
	started := r.file != nil
	r.report = RecordingReport{Refused: true}
	if r.finished || !started {
		r.finished = true
		return nil
	}
	r.finished = true
	if err := r.file.Close(); err != nil {
		return fmt.Errorf("voice: close the recording: %w", err)
	}
	if err := r.remove(); err != nil {
		return fmt.Errorf("voice: delete the refused recording: %w", err)
	}
	return nil
}

// Close writes what is left and finishes the file.
func (r *Recording) Close() (RecordingReport, error) {
	if r == nil {
		return RecordingReport{}, nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.finished || r.file == nil {
		r.finished = true
		return r.report, nil
	}
	r.finished = true
	if n := max(len(r.left.pcm), len(r.right.pcm)); n > 0 {
		r.left.pcm = append(r.left.pcm, make([]int16, n-len(r.left.pcm))...)
		r.right.pcm = append(r.right.pcm, make([]int16, n-len(r.right.pcm))...)
		r.flush(n)
	}
	if r.missing > 0 {
		r.report.Gaps = append(r.report.Gaps, Gap{At: r.time(r.written), Length: r.time(r.missing)})
	}
	r.report.Length = r.time(r.written)
	err := r.writer.Close()
	if closing := r.file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return r.report, fmt.Errorf("voice: finish the recording: %w", err)
	}
	return r.report, nil
}

func (r *Recording) samples(d time.Duration) int { return int(d * time.Duration(r.rate) / time.Second) }

func (r *Recording) time(samples int) time.Duration {
	return time.Duration(samples) * time.Second / time.Duration(r.rate)
}
