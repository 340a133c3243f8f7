package whisper

import (
	"math"
	"strconv"
	"testing"

	"waggle/asr/segment/segmenttest"
)

func TestMelEqualsTheReferenceDefinition(t *testing.T) {
	const tolerance = 1e-4
	pcm := segmenttest.Noisy(segmenttest.Say(0, 4, 7))
	for _, mels := range []int{80, 128} {
		values, frames := newSpectrogram(mels).compute(pcm, 8000)
		rows := 0
		for _, row := range segmenttest.Golden(t, "testdata/mel.tsv", 0) {
			if row[0] != strconv.Itoa(mels) {
				continue
			}
			rows++
			f, err := strconv.Atoi(row[1])
			if err != nil || len(row) != mels+2 {
				t.Fatalf("golden row of %d values: %v", len(row), err)
			}
			for m, cell := range row[2:] {
				want, _ := strconv.ParseFloat(cell, 64)
				if got := float64(values[m*frames+f]); math.Abs(got-want) > tolerance {
					t.Errorf("%d mels, frame %d, mel %d: %.5f, the reference has %.5f", mels, f, m, got, want)
				}
			}
		}
		if rows < 4 {
			t.Errorf("%d golden rows of %d mels", rows, mels)
		}
	}
}

func TestMelKeepsToHalfAMinute(t *testing.T) {
	for _, c := range []struct{ samples, tail, want int }{
		{0, 0, 0}, {1, 0, 0}, {160, 0, 1}, {16000, 160000, 1100}, {600000, 160000, 3000}, {470000, 160000, 3000},
	} {
		if _, frames := newSpectrogram(80).compute(make([]int16, c.samples), c.tail); frames != c.want {
			t.Errorf("%d samples and %d of silence give %d frames, want %d", c.samples, c.tail, frames, c.want)
		}
	}
}

func BenchmarkMelOfASecond(b *testing.B) {
	s, pcm := newSpectrogram(80), segmenttest.Noisy(segmenttest.Tone(3, 1e9))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		s.compute(pcm, 0)
	}
}
