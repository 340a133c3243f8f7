package measure

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestAUROC(t *testing.T) {
	cases := []struct {
		positive, negative []float64
		want               float64
	}{
		{[]float64{3, 4}, []float64{1, 2}, 1},
		{[]float64{1, 2}, []float64{3, 4}, 0},
		{[]float64{1, 3}, []float64{2}, 0.5},
		{[]float64{1}, []float64{1}, 0.5},
		{nil, []float64{1}, 0},
	}
	for _, c := range cases {
		if got := AUROC(c.positive, c.negative); got != c.want {
			t.Errorf("AUROC(%v, %v) = %v, want %v", c.positive, c.negative, got, c.want)
		}
	}
}

func TestUpperBoundIsClopperPearsons(t *testing.T) {
	cases := []struct {
		k, n int
		want float64
	}{{0, 300, 0.00994}, {0, 10, 0.25887}, {1, 100, 0.04656}, {5, 50, 0.19883}, {3, 3, 1}, {0, 0, 1}}
	for _, c := range cases {
		if got := UpperBound(c.k, c.n); math.Abs(got-c.want) > 2e-4 {
			t.Errorf("UpperBound(%d, %d) = %.5f, want %.5f", c.k, c.n, got, c.want)
		}
	}
}

func TestReadManifest(t *testing.T) {
	need, paths := []string{"path", "label"}, []string{"path", "mask"}
	rows, err := ReadManifest(strings.NewReader("path\tlabel\tmask\na.jpg\tintact\t\n/b.jpg\tcrack\tm.png\n"), "/root", need, paths)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0]["path"] != "/root/a.jpg" || rows[0]["mask"] != "" || rows[1]["path"] != "/b.jpg" || rows[1]["mask"] != "/root/m.png" {
		t.Errorf("rows %v", rows)
	}
	for name, text := range map[string]string{
		"empty":         "",
		"no label":      "path\na.jpg\n",
		"no lines":      "path\tlabel\n",
		"empty cell":    "path\tlabel\n\tintact\n",
		"a photo by it": "\xff\xd8\xff\xe0\x00\x10JFIF",
	} {
		if _, err := ReadManifest(strings.NewReader(text), "", need, paths); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
