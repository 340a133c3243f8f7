package nlu

import (
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strings"
	"unicode"

	"waggle/mandarin"
)

// hashBits is the size of the feature space: 2^hashBits buckets.
const hashBits = 15

// features of a text are hashed n-grams of its characters and of its
// syllables without tone, with sounds that recognisers and southerners mix up
// made the same. Values are scaled to unit length.
type features struct {
	index []uint32 // ascending
	scale float32  // the value of each of them
}

func extract(text string) features {
	chars := []string{"<"}
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			chars = append(chars, "0")
		case unicode.IsLetter(r):
			chars = append(chars, string(r))
		}
	}
	chars = append(chars, ">")
	sounds := []string{"<"}
	for _, s := range mandarin.Pronounce(text) {
		sounds = append(sounds, blur(s.Pinyin))
	}
	sounds = append(sounds, ">")

	seen := make(map[uint32]struct{})
	grams(seen, "c", chars, longestGram)
	grams(seen, "s", sounds, longestGram)
	index := make([]uint32, 0, len(seen))
	for b := range seen {
		index = append(index, b)
	}
	slices.Sort(index)
	return features{index: index, scale: float32(1 / math.Sqrt(float64(len(index))))}
}

// longestGram is the length of the longest n-gram.
const longestGram = 3

// grams adds the buckets of all n-grams of the parts.
func grams(seen map[uint32]struct{}, space string, parts []string, longest int) {
	for n := 1; n <= longest; n++ {
		for i := 0; i+n <= len(parts); i++ {
			h := fnv.New32a()
			io.WriteString(h, space)
			for _, p := range parts[i : i+n] {
				io.WriteString(h, " ")
				io.WriteString(h, p)
			}
			seen[h.Sum32()&(1<<hashBits-1)] = struct{}{}
		}
	}
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
