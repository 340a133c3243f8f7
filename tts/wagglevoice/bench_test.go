//go:build unix

package wagglevoice

import (
	"syscall"
	"testing"
	"time"

	"waggle/models"
	"waggle/tts/prosody"
)

// BenchmarkSay is a sentence by each voice that ships, phrase by phrase in
// blocks as on a call. cpu-rtf is processor time over the length of the
// sound, cpu-first-ms the processor time until the first 200 ms are there;
// both hold on a machine that has other things to do.
func BenchmarkSay(b *testing.B) {
	open := func(name string) []byte {
		raw, _, err := models.Builtin().Open(name)
		if err != nil {
			b.Skip(err)
		}
		return raw
	}
	v, err := Open(open("tts-zh-acoustic"), open("tts-zh-vocoder"), 1)
	if err != nil {
		b.Fatal(err)
	}
	defer v.Close()
	phrases := prosody.Plan("您的快递已经到达驿站，请凭取件码领取。")
	for _, name := range v.Names() {
		b.Run(name, func(b *testing.B) {
			var sound, first time.Duration
			start := cpu(b)
			for b.Loop() {
				s, f := sayOnce(b, v, name, phrases)
				sound, first = sound+s, first+f
			}
			b.ReportMetric(float64(cpu(b)-start)/float64(sound), "cpu-rtf")
			b.ReportMetric(float64(first.Microseconds())/1000/float64(b.N), "cpu-first-ms")
		})
	}
}

// sayOnce is one utterance: the length of its sound, and the processor time
// until the first block.
func sayOnce(b *testing.B, v *Voice, name string, phrases []prosody.Phrase) (sound, first time.Duration) {
	start := cpu(b)
	samples := 0
	for _, p := range phrases {
		f, err := v.Frames(p, name, 1)
		if err != nil {
			b.Fatal(err)
		}
		s := v.Speak(f, 1)
		var block []float32
		for size := 20; s.Left() > 0; size = 40 {
			if block, err = s.Block(block[:0], size); err != nil {
				b.Fatal(err)
			}
			if samples == 0 {
				first = cpu(b) - start
			}
			samples += len(block)
		}
		s.Close()
	}
	return time.Duration(samples) * time.Second / time.Duration(v.Rate), first
}

// cpu is the processor time of this process.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
