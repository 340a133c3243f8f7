package sop

import (
	"errors"
	"io/fs"
	"strings"

	"gopkg.in/yaml.v3"

	"waggle/dialog/tool"
)

// WordsFile is the file of a merchant's folder that holds no procedure but the
// words of its customers for yes and no:
//
//	yes: [安排上, 巴适]
//	no: [算球]
const WordsFile = "words.yaml"

// ReadWords reads the words of a folder; there are none without the file. An
// error lists, a line each, what is wrong and where, and wraps ErrFlow.
func ReadWords(dir fs.FS) (tool.Vocabulary, error) {
	var v tool.Vocabulary
	info, err := fs.Stat(dir, WordsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	}
	if err != nil {
		return v, err
	}
	r := &reader{file: WordsFile}
	if info.Size() > maxFile {
		r.wrong(1, "more than %d KiB", maxFile>>10)
		return v, r.problems.Err()
	}
	raw, err := fs.ReadFile(dir, WordsFile)
	if err != nil {
		return v, err
	}
	if n, ok := r.open(raw); ok {
		r.words(n, &v)
	}
	if err := r.problems.sorted().Err(); err != nil {
		return tool.Vocabulary{}, err
	}
	return v, nil
}

// words reads both lists, and then looks at each word where it stands: whether
// it can be a yes depends on what is a no.
func (r *reader) words(n *yaml.Node, v *tool.Vocabulary) {
	lists := map[string]*yaml.Node{}
	r.fields(n, WordsFile, map[string]func(*yaml.Node){
		"yes": func(n *yaml.Node) { v.Yes, lists["yes"] = r.strings(n, "a word for yes"), n },
		"no":  func(n *yaml.Node) { v.No, lists["no"] = r.strings(n, "a word for no"), n },
	})
	if len(r.problems) > 0 {
		return
	}
	for name, check := range map[string]func(string) error{"yes": v.CheckYes, "no": v.CheckNo} {
		if lists[name] == nil {
			continue
		}
		for _, w := range lists[name].Content {
			if err := check(strings.TrimSpace(w.Value)); err != nil {
				r.wrong(w.Line, "%s: %v", name, err)
			}
		}
	}
	if len(r.problems) == 0 {
		if err := v.Check(); err != nil { // too many
			r.wrong(n.Line, "%v", err)
		}
	}
}
