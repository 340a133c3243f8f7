package knowledge

import (
	"os"
	"strings"
	"testing"
)

// asked reads questions in other words than those of the question base, by
// another hand, with the entry that answers each, - for none.
func asked(t testing.TB) [][2]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/asked.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		question, entry, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("asked.tsv: %q", line)
		}
		out = append(out, [2]string{question, entry})
	}
	return out
}

func TestRecallByWords(t *testing.T) {
	l := base(t)
	first, five, n := 0, 0, 0
	for _, q := range asked(t) {
		if q[1] == "-" {
			continue
		}
		n++
		for rank, h := range l.Retrieve(q[0], 5) {
			if h.Entry.ID == q[1] {
				five++
				if rank == 0 {
					first++
				}
			}
		}
	}
	t.Logf("%d questions: recall@1 %.3f, recall@5 %.3f", n, float64(first)/float64(n), float64(five)/float64(n))
}
