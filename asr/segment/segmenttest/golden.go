package segmenttest

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"waggle/asr"
	"waggle/asr/segment"
)

// Golden reads the rows of a golden.tsv, each with that many tabs; 0 takes rows
// of any length.
func Golden(t testing.TB, path string, tabs int) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		row := strings.Split(lines.Text(), "\t")
		if tabs > 0 && len(row) != tabs+1 {
			t.Fatalf("%s: %d columns in %q, want %d", path, len(row), lines.Text(), tabs+1)
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s is empty", path)
	}
	return rows
}

// Units reads a list of units such as "0 1 2".
func Units(t testing.TB, list string) []int {
	t.Helper()
	var units []int
	for _, f := range strings.Fields(list) {
		u, err := strconv.Atoi(f)
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, u)
	}
	return units
}

// Plain writes a text as Waggle does: without the spaces that other
// recognisers put beside Chinese characters.
func Plain(text string) string {
	runes := []rune(text)
	var out []rune
	for i, r := range runes {
		beside := i == 0 || i == len(runes)-1 || unicode.Is(unicode.Han, runes[i-1]) || unicode.Is(unicode.Han, runes[i+1])
		if r != ' ' || !beside {
			out = append(out, r)
		}
	}
	return string(out)
}

// CompareStarts checks that every word begins at one of the times of the
// golden tokens, in order, the first and the last token being in words.
func CompareStarts(t testing.TB, words []asr.Word, times string) {
	t.Helper()
	golden := strings.Fields(times)
	at := 0
	for i, w := range words {
		start := strconv.FormatFloat(w.Start.Seconds(), 'f', 3, 64)
		for at < len(golden) && golden[at] != start {
			at++
		}
		if at == len(golden) || i == 0 && at != 0 {
			t.Errorf("%q begins at %s, the golden tokens at %v", w.Text, start, golden)
			return
		}
		if w.End <= w.Start || i > 0 && w.Start < words[i-1].End {
			t.Errorf("%q lies from %v to %v", w.Text, w.Start, w.End)
		}
	}
}

// Reading is segment.Reading, so that tests can embed it.
type Reading = segment.Reading
