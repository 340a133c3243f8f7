package dropin

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waggle/models/onnx"
)

// ErrFiles says that the files of a voice are missing, ambiguous or too large.
var ErrFiles = errors.New("the files of the voice are not complete")

// maxGraph is protobuf's own limit.
const maxGraph = 2 << 30

// files are what a folder holds of a voice.
type files struct {
	dir      string
	graph    string   // path of the graph that speaks
	vocoders []string // paths, those of the folder before those beside it
	lexicons []string // paths
}

// look lists the files at path: a folder as users unpack it, or one .onnx file
// in it. *.fst, *.far, dict/ and espeak-ng-data/ are passed over: numbers are
// read by tts/spoken, words by the lexicon, phonemes by the installed program.
func look(path string) (*files, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("voice: %w", err)
	}
	f := &files{dir: path}
	if !info.IsDir() {
		if !strings.HasSuffix(path, ".onnx") {
			return nil, fmt.Errorf("%w: %s is neither a folder nor an .onnx file", ErrFiles, path)
		}
		f.dir, f.graph = filepath.Dir(path), path
	}
	names, err := list(f.dir)
	if err != nil {
		return nil, err
	}
	var graphs []string
	for _, name := range names {
		full := filepath.Join(f.dir, name)
		switch {
		case strings.HasSuffix(name, ".onnx") && isVocoder(name):
			f.vocoders = append(f.vocoders, full)
		case strings.HasSuffix(name, ".onnx"):
			graphs = append(graphs, full)
		case strings.HasPrefix(name, "lexicon") && strings.HasSuffix(name, ".txt"):
			f.lexicons = append(f.lexicons, full)
		}
	}
	f.lexicons = american(f.lexicons)
	f.beside()
	if f.graph == "" {
		f.graph, err = choose(f.dir, graphs)
	}
	return f, err
}

func list(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir) // sorted by name
	if err != nil {
		return nil, fmt.Errorf("voice: %w", err)
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

func isVocoder(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "vocos") || strings.Contains(name, "hifigan") || strings.Contains(name, "vocoder")
}

// beside adds the vocoders of the folder around, where they are unpacked as
// often as in the voice's own.
func (f *files) beside() {
	above := filepath.Dir(filepath.Clean(f.dir))
	names, err := list(above)
	if err != nil {
		return // no right to look there is no reason to fail
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".onnx") && isVocoder(name) {
			f.vocoders = append(f.vocoders, filepath.Join(above, name))
		}
	}
}

// american drops the British of two English lexicons.
func american(lexicons []string) []string {
	if !slices.ContainsFunc(lexicons, func(p string) bool { return strings.Contains(p, "us-en") }) {
		return lexicons
	}
	return slices.DeleteFunc(lexicons, func(p string) bool { return strings.Contains(p, "gb-en") })
}

// choose takes the only graph, or the only one in full precision: of voices the
// small forms are heard, and they are seldom faster. Of Matcha's forms it takes
// the one of three steps.
func choose(dir string, graphs []string) (string, error) {
	full := slices.DeleteFunc(slices.Clone(graphs), func(p string) bool {
		name := strings.ToLower(filepath.Base(p))
		return strings.Contains(name, "int8") || strings.Contains(name, "fp16") || strings.Contains(name, "quant")
	})
	if len(full) == 0 {
		full = graphs
	}
	for _, p := range full {
		if len(full) == 1 || filepath.Base(p) == "model-steps-3.onnx" {
			return p, nil
		}
	}
	if len(full) == 0 {
		return "", fmt.Errorf("%w: no .onnx file in %s", ErrFiles, dir)
	}
	return "", fmt.Errorf("%w: %s has several graphs; name one: %s", ErrFiles, dir, strings.Join(full, ", "))
}

// read reads a regular file of at most limit bytes.
func read(path string, limit int64) ([]byte, error) {
	size, err := sizeOf(path)
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, fmt.Errorf("%w: %s has %d bytes, more than %d", ErrFiles, path, size, limit)
	}
	return os.ReadFile(path)
}

func sizeOf(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("%w: %s is missing beside %s", ErrFiles, filepath.Base(path), filepath.Dir(path))
	}
	if err != nil {
		return 0, fmt.Errorf("voice: %w", err)
	}
	if !info.Mode().IsRegular() {
		return 0, fmt.Errorf("%w: %s is no regular file", ErrFiles, path)
	}
	return info.Size(), nil
}

func session(path string, threads int) (*onnx.Session, error) {
	graph, err := read(path, maxGraph)
	if err != nil {
		return nil, err
	}
	return onnx.Open(path, graph, onnx.Options{Threads: threads})
}
