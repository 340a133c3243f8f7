package sop_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"waggle/dialog/sop"
)

func TestReadWords(t *testing.T) {
	folder := func(raw string) fstest.MapFS { return fstest.MapFS{sop.WordsFile: {Data: []byte(raw)}} }
	v, err := sop.ReadWords(folder("yes: [巴适, 得行]\nno:\n  - 算球\n"))
	if err != nil || !slices.Equal(v.Yes, []string{"巴适", "得行"}) || !slices.Equal(v.No, []string{"算球"}) {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err := sop.ReadWords(fstest.MapFS{}); err != nil || len(v.Yes)+len(v.No) != 0 {
		t.Errorf("a folder without the file: %+v, %v", v, err)
	}
	if flows, err := sop.Read(folder("yes: [巴适]\n")); err != nil || len(flows) != 0 {
		t.Errorf("the words read as a procedure: %+v, %v", flows, err)
	}
	for raw, want := range map[string]string{
		"yes:\n  - 巴适\n  - 不巴适\n":   "words.yaml:3: yes: ",
		"yes: [巴适]\nno:\n  - 巴适\n":  "words.yaml:1: yes: ",
		"no:\n  - 可以\n":             "words.yaml:2: no: ",
		"maybe: [随便]\n":             "unknown key",
		"yes: 巴适\n":                 "must be a list",
		"yes: [巴适\n":                "no YAML",
		"":                          "empty",
		strings.Repeat("#", 70<<10): "more than",
	} {
		if _, err := sop.ReadWords(folder(raw)); !errors.Is(err, sop.ErrFlow) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.30q: %v, want %q", raw, err, want)
		}
	}
}
