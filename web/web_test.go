package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

// Every word that a page asks for stands in both languages.
func TestEveryWordStandsInBothLanguages(t *testing.T) {
	read := func(name string) string {
		b, err := fs.ReadFile(Pages(), name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	words := read("words.js") + read("desk-words.js")
	asked := regexp.MustCompile(`data-words(?:-placeholder|-label)?="(\w+)"|\bsay\("(\w+)"\)|\bword\("(\w+)"`)
	files, err := fs.Glob(Pages(), "*.*")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, name := range files {
		for _, m := range asked.FindAllStringSubmatch(read(name), -1) {
			key := m[1] + m[2] + m[3]
			n++
			if got := len(regexp.MustCompile(`[\s{,]`+key+`: `).FindAllString(words, -1)); got < 2 {
				t.Errorf("%s: %q stands in %d languages", name, key, got)
			}
		}
	}
	if n < 100 {
		t.Errorf("only %d words were found", n)
	}
}

// What shoppers write never becomes markup, and the policy of the pages, which
// allows our own files only, needs no exception.
func TestPagesNeverMakeMarkupOfText(t *testing.T) {
	files, err := fs.Glob(Pages(), "*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		b, err := fs.ReadFile(Pages(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "<script>", "onclick=", "style=\""} {
			if strings.Contains(string(b), bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
	}
}
