package nlu

import (
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"waggle/mandarin"
)

// hashBits is the size of the feature space: 2^hashBits buckets.
const hashBits = 15

// vocabulary is what is known about words before any training.
type vocabulary struct {
	concepts []concept
	wares    *strings.Replacer
}

func newVocabulary() vocabulary {
	groups := readConcepts()
	return vocabulary{groups, wareReplacer(groups)}
}

// features of a text are hashed n-grams of its characters and of its
// syllables without tone, with sounds that recognisers and southerners mix up
// made the same, and the concepts that it touches. Values have unit length.
type features struct {
	index []uint32 // ascending
	value []float32
}

// Settings chosen on the cross-validation of train.tsv.
const (
	longestGram   = 3
	conceptWeight = 4 // of a concept, where an n-gram weighs 1
	pairWeight    = 2 // of two concepts together
)

func (v vocabulary) extract(text string) features {
	b := make(buckets)
	plain := v.wares.Replace(text)
	b.grams("c", characters(plain))
	b.grams("s", syllables(plain))
	touched := conceptsIn(v.concepts, text)
	for i, x := range touched {
		b.add(conceptWeight, "k", x)
		for _, y := range touched[i+1:] {
			b.add(pairWeight, "kk", x, y)
		}
	}
	return b.features()
}

// characters of a text between boundary marks; all digits look alike.
func characters(text string) []string {
	out := []string{"<"}
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			out = append(out, "0")
		case unicode.IsLetter(r), r == ware:
			out = append(out, string(r))
		}
	}
	return append(out, ">")
}

func syllables(text string) []string {
	out := []string{"<"}
	for i, part := range strings.Split(text, string(ware)) {
		if i > 0 {
			out = append(out, string(ware))
		}
		for _, s := range mandarin.Pronounce(part) {
			out = append(out, blur(s.Pinyin))
		}
	}
	return append(out, ">")
}

// buckets collects hashed features with their weights.
type buckets map[uint32]float32

func (b buckets) grams(space string, parts []string) {
	for n := 1; n <= longestGram; n++ {
		for i := 0; i+n <= len(parts); i++ {
			b.add(1, space, parts[i:i+n]...)
		}
	}
}

func (b buckets) add(weight float32, space string, parts ...string) {
	h := fnv.New32a()
	h.Write([]byte(space))
	for _, p := range parts {
		h.Write([]byte(" " + p))
	}
	b[h.Sum32()&(1<<hashBits-1)] = weight
}

// features sorts the buckets, so that sums come out the same each time, and
// scales them to unit length.
func (b buckets) features() features {
	f := features{index: slices.Sorted(maps.Keys(b))}
	var square float64
	for _, i := range f.index {
		square += float64(b[i] * b[i])
	}
	length := float32(math.Sqrt(square))
	for _, i := range f.index {
		f.value = append(f.value, b[i]/length)
	}
	return f
}

// blur maps a syllable to what is left of it on a bad line: flat and curled
// sibilants, n and l, front and back nasals are the same.
func blur(pinyin string) string {
	for _, p := range [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}} {
		if strings.HasPrefix(pinyin, p[0]) {
			pinyin = p[1] + pinyin[2:]
		}
	}
	if strings.HasPrefix(pinyin, "n") && len(pinyin) > 1 {
		pinyin = "l" + pinyin[1:]
	}
	if strings.HasSuffix(pinyin, "ng") && !strings.HasSuffix(pinyin, "ong") {
		pinyin = pinyin[:len(pinyin)-1]
	}
	return pinyin
}

// Sound writes a text as its blurred syllables, each between blanks, so that
// texts that sound alike contain one another.
func Sound(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, s := range mandarin.Pronounce(text) {
		b.WriteString(blur(s.Pinyin))
		b.WriteByte(' ')
	}
	return b.String()
}
