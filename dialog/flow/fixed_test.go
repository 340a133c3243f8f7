package flow

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write fixed.txt anew from the sources")

// The list is what the sources say: whoever words a sentence anew runs
//
//	go test ./dialog/flow -run Fixed -update
func TestFixedListsTheSentencesOfTheSources(t *testing.T) {
	want := sentences(t, "../prompts.go", "manners.go")
	for _, pattern := range []string{"../*.go", "../sop/*.go", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range sentences(t, files...) {
			if !slices.Contains(want, s) {
				want = append(want, s)
			}
		}
	}
	procedures, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range procedures {
		for _, s := range f.Sentences() {
			if !slices.Contains(want, s) {
				want = append(want, s)
			}
		}
	}
	if len(want) < 50 {
		t.Fatalf("only %d sentences in the sources", len(want))
	}
	if *update {
		if err := os.WriteFile("fixed.txt", []byte(strings.Join(want, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have := Fixed()
	for _, s := range want {
		if !slices.Contains(have, s) {
			t.Errorf("fixed.txt lacks %q: run this test with -update", s)
		}
	}
	for _, s := range have {
		if !slices.Contains(want, s) {
			t.Errorf("fixed.txt holds %q, which no source says: run this test with -update", s)
		}
	}
}

// sentences are the string literals that are whole sentences without a verb of
// fmt.
func sentences(t *testing.T, files ...string) []string {
	t.Helper()
	var out []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(literal.Value)
			whole := err == nil && !strings.ContainsAny(s, "%\n") && (strings.HasSuffix(s, "。") || strings.HasSuffix(s, "？") || strings.HasSuffix(s, "！"))
			if whole && !slices.Contains(out, s) {
				out = append(out, s)
			}
			return true
		})
	}
	return out
}
