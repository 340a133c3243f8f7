package demo

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"waggle/shop"
)

// fit is Search without an index: what the index must agree with.
func fit(p shop.Product, words string) int {
	best := 0
	for i, name := range append([]string{p.Name}, p.Aliases...) {
		name = strings.ToLower(name)
		if !strings.Contains(words, name) {
			continue
		}
		score := named * utf8.RuneCountInString(name)
		if i == 0 {
			score += named / 2
		}
		best = max(best, score)
	}
	title := []rune(strings.ToLower(p.Title))
	for i := 0; i+2 <= len(title); i++ {
		if strings.Contains(words, string(title[i:i+2])) {
			best++
		}
	}
	return best
}

func plainSearch(products []shop.Product, words string, limit int) []string {
	words = strings.ToLower(strings.TrimSpace(words))
	order := make([]int, 0, len(products))
	score := make([]int, len(products))
	for i, p := range products {
		if score[i] = fit(p, words); score[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return score[b] - score[a] })
	var ids []string
	for _, i := range order[:min(limit, len(order))] {
		ids = append(ids, products[i].ID)
	}
	return ids
}

func TestIndexAgreesWithPlainSearch(t *testing.T) {
	s := open(t, Options{More: Many(500)})
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	said := []string{"那个花瓶多少钱", "T恤有黑色吗", "我想买个杯子和一双拖鞋", "  蓝牙耳机 ", "扫地机器人的边刷", "x", "花", "Usb", "礼盒礼盒礼盒"}
	for range 300 {
		a, b := s.data.products[rng.IntN(len(s.data.products))], s.data.products[rng.IntN(len(s.data.products))]
		title := []rune(a.Title)
		said = append(said, "请问"+a.Name+"和"+b.Name+"哪个好", string(title[rng.IntN(len(title)/2):])+"有货吗")
	}
	for _, words := range said {
		for _, limit := range []int{1, 3, 40, 1000} {
			got, err := s.Search(t.Context(), words, limit)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, p := range got {
				ids = append(ids, p.ID)
			}
			if want := plainSearch(s.data.products, words, limit); !slices.Equal(ids, want) {
				t.Fatalf("%s, %d: %v, want %v", words, limit, ids, want)
			}
		}
	}
}

// Every product of the shop is found by its own name.
func TestEveryProductIsFoundByName(t *testing.T) {
	s := open(t, Options{})
	for _, p := range s.data.products {
		got, err := s.Search(t.Context(), "你们家的"+p.Name+"还有吗", 1)
		if err != nil || len(got) != 1 || got[0].ID != p.ID {
			t.Errorf("%s: %v, %v", p.Name, got, err)
		}
	}
}

func TestLongAndOddQueries(t *testing.T) {
	s := open(t, Options{})
	for _, words := range []string{strings.Repeat("花瓶", 100_000), "\xff\xfe花瓶", "\x00", strings.Repeat(" ", 10_000)} {
		for _, limit := range []int{-1, 0, 2} {
			if got, err := s.Search(t.Context(), words, limit); err != nil || len(got) > max(limit, 0) {
				t.Errorf("%d bytes, %d: %d products, %v", len(words), limit, len(got), err)
			}
		}
	}
}

// BenchmarkSearch100k reports the memory that a product and its index take.
func BenchmarkSearch100k(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const n = 100_000
	s := open(b, Options{More: Many(n)})
	runtime.GC()
	runtime.ReadMemStats(&after)
	words := []string{"那个花瓶多少钱", "我想买一个北欧陶瓷的纸巾盒放家用", "有没有羊毛的坐垫", "家用送礼有什么推荐", "你好"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Search(b.Context(), words[i%len(words)], 5); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/n, "B/product")
}
