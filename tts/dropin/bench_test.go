package dropin

import (
	"testing"

	"waggle/audio"
	"waggle/tts"
)

// second is a speaker that makes a second of sound in no time.
type second struct {
	speaker
	rate int
}

func (s second) Say([]int64, []int64, int, float32) ([]float32, error) {
	out := make([]float32, s.rate)
	for i := range out {
		out[i] = float32(i%100) / 200
	}
	return out, nil
}

// BenchmarkAround is what a second of speech costs outside of the graph: the
// front end, resampling to 16 kHz, frames.
func BenchmarkAround(b *testing.B) {
	for _, name := range []string{"aishell3", "pinyin", "kokoro", "melo"} {
		v := open(b, name, Options{CacheBytes: -1})
		v.model = second{v.model, v.rate}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				err := v.Speak(b.Context(), "今天快递到了。", tts.Voice{Rate: 16000}, func(audio.Frame) error { return nil })
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
