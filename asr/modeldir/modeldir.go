// Package modeldir reads a speech model as users unpack it: a folder with
// graphs (encoder*.onnx, decoder*.onnx, joiner*.onnx or one model*.onnx) and
// tokens.txt, or one .onnx file with tokens.txt beside it. It tells which file
// plays which role and what each graph says of itself; what the graphs mean is
// the business of the families above it. It may import models/onnx and
// asr/tokens.
package modeldir

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waggle/asr/tokens"
	"waggle/models/onnx"
)

// ErrFiles says that the files of a model are missing or ambiguous.
var ErrFiles = errors.New("the files of the model are not complete")

// Role is the part that a graph plays in a model.
type Role string

// The roles, told by the file name; a graph of no other role is Whole.
const (
	Encoder Role = "encoder"
	Decoder Role = "decoder"
	Joiner  Role = "joiner"
	Whole   Role = "model"
)

// Precision says which of two files of the same role is taken.
type Precision string

// Int8 takes NAME.int8.onnx where there is one and the other file where not:
// on processors it is smaller and faster at nearly the same accuracy. Float32
// takes the full one first. Other marked forms (fp16, w8a16) are taken only
// when nothing else is there.
const (
	Int8    Precision = "int8"
	Float32 Precision = "float32"
)

// maxGraph is the largest file that is read: protobuf's own limit.
const maxGraph = 2 << 30

// Dir is the files of one model.
type Dir struct {
	// Path is the folder.
	Path   string
	files  map[Role]string
	tokens string
	graphs map[Role]*Graph
}

// Graph is one file of a model and what it says of itself.
type Graph struct {
	// Path is for messages; Bytes is the whole file.
	Path  string
	Bytes []byte
	Meta  Meta
	// Inputs and Outputs are in graph order: families bind by position.
	Inputs, Outputs []onnx.Port
}

// Open lists the files at path, a folder or one .onnx file in it. Nothing is
// read yet. Errors: ErrFiles, or that of the file system.
func Open(path string, p Precision) (*Dir, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	d := &Dir{Path: path, files: map[Role]string{}, graphs: map[Role]*Graph{}}
	named := ""
	if !info.IsDir() {
		d.Path, named = filepath.Dir(path), filepath.Base(path)
		if !strings.HasSuffix(named, ".onnx") {
			return nil, fmt.Errorf("%w: %s is neither a folder nor an .onnx file", ErrFiles, path)
		}
	}
	return d, d.list(named, p)
}

// list gives every role its file; a file named by the user keeps its role.
func (d *Dir) list(named string, p Precision) error {
	entries, err := os.ReadDir(d.Path)
	if err != nil {
		return fmt.Errorf("model: %w", err)
	}
	found := map[Role][]string{}
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir():
		case strings.HasSuffix(name, "tokens.txt") && (d.tokens == "" || name == "tokens.txt"):
			d.tokens = name
		case strings.HasSuffix(name, ".onnx"):
			found[RoleOf(name)] = append(found[RoleOf(name)], name)
		}
	}
	if named != "" {
		role := RoleOf(named)
		found[role] = []string{named}
		if role == Whole { // other graphs of the folder are other models
			found = map[Role][]string{Whole: {named}}
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("%w: no .onnx file in %s", ErrFiles, d.Path)
	}
	for role, names := range found {
		one, err := choose(names, p)
		if err != nil {
			return fmt.Errorf("%w: %s: several files could be the %s: %w; name one, or leave one", ErrFiles, d.Path, role, err)
		}
		d.files[role] = one
	}
	return nil
}

// RoleOf tells a role from a file name.
func RoleOf(name string) Role {
	for _, r := range []Role{Encoder, Decoder, Joiner} {
		if strings.Contains(strings.ToLower(filepath.Base(name)), string(r)) {
			return r
		}
	}
	return Whole
}

// choose picks by precision; the error lists names between which it cannot.
func choose(names []string, p Precision) (string, error) {
	byForm := map[Precision][]string{}
	for _, n := range names {
		byForm[formOf(n)] = append(byForm[formOf(n)], n)
	}
	order := []Precision{Int8, Float32, ""}
	if p == Float32 {
		order = []Precision{Float32, Int8, ""}
	}
	for _, form := range order {
		switch list := byForm[form]; {
		case len(list) == 1:
			return list[0], nil
		case len(list) > 1:
			return "", errors.New(strings.Join(list, ", "))
		}
	}
	return "", errors.New("none")
}

// formOf is the precision that a file name tells; "" for the marked others.
func formOf(name string) Precision {
	name = strings.ToLower(name)
	for _, other := range []string{"fp16", "float16", "w8a16", "uint8", "int4", "q4"} {
		if strings.Contains(name, other) {
			return ""
		}
	}
	if strings.Contains(name, "int8") || strings.Contains(name, "quant") {
		return Int8
	}
	return Float32
}

// Has reports whether the folder holds exactly graphs of these roles.
func (d *Dir) Has(roles ...Role) bool {
	for _, r := range roles {
		if d.files[r] == "" {
			return false
		}
	}
	return len(d.files) == len(roles)
}

// Roles lists what graphs there are, for messages.
func (d *Dir) Roles() []string {
	var list []string
	for r, f := range d.files {
		list = append(list, string(r)+" "+f)
	}
	slices.Sort(list)
	return list
}

// Graph reads and describes the graph of a role, once. Errors: ErrFiles, those
// of onnx.Describe, or that of the file system.
func (d *Dir) Graph(r Role) (*Graph, error) {
	if g := d.graphs[r]; g != nil {
		return g, nil
	}
	name := d.files[r]
	if name == "" {
		return nil, fmt.Errorf("%w: no %s*.onnx in %s", ErrFiles, r, d.Path)
	}
	raw, err := readUpTo(filepath.Join(d.Path, name), maxGraph)
	if err != nil {
		return nil, err
	}
	about, err := onnx.Describe(raw)
	if err != nil {
		return nil, fmt.Errorf("model: %s: %w", name, err)
	}
	g := &Graph{Path: filepath.Join(d.Path, name), Bytes: raw, Meta: about.Meta, Inputs: about.Inputs, Outputs: about.Outputs}
	d.graphs[r] = g
	return g, nil
}

// Tokens reads tokens.txt (or NAME-tokens.txt, as Whisper exports have it).
// Errors: ErrFiles, or those of tokens.Read.
func (d *Dir) Tokens() (*tokens.Table, error) {
	if d.tokens == "" {
		return nil, fmt.Errorf("%w: tokens.txt is missing beside the graphs in %s", ErrFiles, d.Path)
	}
	raw, err := readUpTo(filepath.Join(d.Path, d.tokens), tokens.MaxBytes)
	if err != nil {
		return nil, err
	}
	t, err := tokens.Read(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(d.Path, d.tokens), err)
	}
	return t, nil
}

// Text is a file of the folder beside graphs and tokens, such as hotwords.txt;
// "" where there is none. Errors: ErrFiles, or that of the file system.
func (d *Dir) Text(name string) (string, error) {
	const most = 1 << 20
	path := filepath.Join(d.Path, name)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	raw, err := readUpTo(path, most)
	return string(raw), err
}

// Open loads the graph into the runtime with one thread: many calls are
// served better by many one-threaded runs.
func (g *Graph) Open() (*onnx.Session, error) {
	return onnx.Open(filepath.Base(g.Path), g.Bytes, onnx.Options{Threads: 1})
}

// OpenShared is Open for a graph whose runs many streams share step by step.
func (g *Graph) OpenShared() (*onnx.Session, error) {
	return onnx.Open(filepath.Base(g.Path), g.Bytes, onnx.Options{Threads: 1, ManyRows: true})
}

// readUpTo reads a regular file whose size was looked at first.
func readUpTo(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%w: %s is no file of at most %d MiB", ErrFiles, path, most>>20)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return raw, nil
}
