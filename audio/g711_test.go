package audio

import (
	"testing"
)

// level is one row of the tables of G.711: codes quantise to value everything
// up to the decision value upper.
type level struct {
	value, upper int
}

// muLevels builds table 2 of G.711 from its text: eight segments of sixteen
// intervals, the first interval of the first segment only half as wide. The
// table counts in 14 bits, so everything is scaled by four.
func muLevels() []level {
	levels := []level{{0, 1}}
	edge := 1
	for segment, step := 0, 2; segment < 8; segment, step = segment+1, step*2 {
		intervals := 16
		if segment == 0 {
			intervals = 15
		}
		for range intervals {
			levels = append(levels, level{edge + step/2, edge + step})
			edge += step
		}
	}
	return scaled(levels, 4)
}

// aLevels builds table 1 of G.711: thirteen segments, the first two (on each
// side of zero) with the same step. The table counts in 13 bits.
func aLevels() []level {
	var levels []level
	edge := 0
	for segment := range 8 {
		step := 2 << max(segment-1, 0)
		for range 16 {
			levels = append(levels, level{edge + step/2, edge + step})
			edge += step
		}
	}
	return scaled(levels, 8)
}

func scaled(levels []level, by int) []level {
	for i := range levels {
		levels[i].value *= by
		levels[i].upper *= by
	}
	return levels
}

func quantise(levels []level, magnitude int) int {
	for i, l := range levels {
		if magnitude < l.upper {
			return i
		}
	}
	return len(levels) - 1
}

func TestEverySampleQuantisesAsTheTablesOfG711(t *testing.T) {
	for _, law := range []struct {
		name   string
		levels []level
		encode func(int16) byte
		decode func(byte) int16
		// negate maps a sample to the magnitude that the table is read with.
		magnitude func(int) int
	}{
		{"mu", muLevels(), EncodeMuLaw, DecodeMuLaw, func(s int) int { return max(s, -s) }},
		{"A", aLevels(), EncodeALaw, DecodeALaw, func(s int) int {
			if s < 0 {
				return -s - 1 // A-law has no zero: -1 is the first negative value
			}
			return s
		}},
	} {
		for s := -32768; s <= 32767; s++ {
			want := law.levels[quantise(law.levels, law.magnitude(s))].value
			if s < 0 {
				want = -want
			}
			if got := int(law.decode(law.encode(int16(s)))); got != want {
				t.Fatalf("%s-law: %d became %d, the table says %d", law.name, s, got, want)
			}
		}
	}
}

func TestEveryCodeSurvivesDecodingAndEncoding(t *testing.T) {
	for c := range 256 {
		code := byte(c)
		if got := EncodeALaw(DecodeALaw(code)); got != code {
			t.Errorf("A-law %#02x came back as %#02x", code, got)
		}
		want := code
		if code == 0x7F {
			want = 0xFF // negative zero is sent as positive zero
		}
		if got := EncodeMuLaw(DecodeMuLaw(code)); got != want {
			t.Errorf("µ-law %#02x came back as %#02x", code, got)
		}
	}
}

func TestG711CharacterSignals(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want byte
	}{
		{"A-law silence", EncodeALaw(0), 0xD5},
		{"A-law loudest", EncodeALaw(32767), 0xAA},
		{"A-law lowest", EncodeALaw(-32768), 0x2A},
		{"µ-law silence", EncodeMuLaw(0), 0xFF},
		{"µ-law loudest", EncodeMuLaw(32767), 0x80},
		{"µ-law lowest", EncodeMuLaw(-32768), 0x00},
	} {
		if c.got != c.want {
			t.Errorf("%s: %#02x, want %#02x", c.name, c.got, c.want)
		}
	}
}

func TestLawsDoNotAllocateWithRoom(t *testing.T) {
	pcm, data := make([]int16, 160), make([]byte, 0, 160)
	out := make([]int16, 0, 160)
	for _, law := range []Law{MuLaw, ALaw} {
		if n := testing.AllocsPerRun(100, func() {
			data = law.Encode(data[:0], pcm)
			out = law.Decode(out[:0], data)
		}); n != 0 {
			t.Errorf("law %d allocates %v times per frame", law, n)
		}
	}
}

func BenchmarkALawFrame(b *testing.B) {
	pcm, data := make([]int16, 160), make([]byte, 0, 160)
	for i := range pcm {
		pcm[i] = int16(i*997 - 30000)
	}
	b.ReportAllocs()
	for b.Loop() {
		data = ALaw.Encode(data[:0], pcm)
		pcm = ALaw.Decode(pcm[:0], data)
	}
}
