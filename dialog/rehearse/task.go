package rehearse

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"

	"github.com/goccy/go-yaml"

	"waggle/dialog"
)

// Task is an errand of a shopper, judged as τ-bench judges its retail tasks
// (Yao et al. 2024, arXiv:2406.12045): by the records of the whole shop in the
// end, by what had to be told, and by the rules that hold in every
// conversation. How the robot words it, and in which order it asks, is free.
type Task struct {
	Name string `yaml:"name"`
	// Kind groups tasks in the report.
	Kind string `yaml:"kind"`
	// Known says why the task cannot be done yet; it counts as failed.
	Known string `yaml:"known"`

	Channel dialog.Channel `yaml:"channel"` // text if empty
	// From is the number of the caller; User is set where the channel has
	// authenticated the shopper.
	From  string `yaml:"from"`
	User  string `yaml:"user"`
	Moves []Move `yaml:"moves"`

	// Told lists what must be said in some reply; "a|b" is either of them.
	Told []string `yaml:"told"`
	// Never lists what may be in no reply.
	Never []string `yaml:"never"`
	// Person wants the task to end with a human.
	Person bool `yaml:"person"`
	// Changed is how the shop must differ afterwards, as Snapshot.Changes
	// writes it: everything, and nothing else. A value "*" stands for any and
	// "~x|y" for one that contains x or y.
	Changed map[string]string `yaml:"changed"`
	// Allowed are changes that may be there, but need not: a ticket where a
	// hand-off does as well.
	Allowed map[string]string `yaml:"allowed"`
}

// Move is what the shopper does when it is their turn.
type Move struct {
	// If is a regular expression: without a match in the reply before, the
	// move is left out, as a person answers only what was asked.
	If string `yaml:"if"`

	Say   string       `yaml:"say"`
	Keys  string       `yaml:"keys"`
	Event dialog.Event `yaml:"event"`
	Photo []Sight      `yaml:"photo"`
	// Heard is what was heard of the reply before; nothing means all.
	Heard    *string `yaml:"heard"`
	Restart  bool    `yaml:"restart"`
	GiveBack bool    `yaml:"give_back"`

	// Yes marks an explicit yes to what was read back. Only in such a move may
	// anything be written.
	Yes bool `yaml:"yes"`
	// Proves is the customer that the shopper has proven to be by this move.
	Proves string `yaml:"proves"`

	Says  []string `yaml:"says"`  // each must be in the reply; "a|b" is either
	Never []string `yaml:"never"` // none may be

	when *regexp.Regexp
}

// taskFiles is how the files of tasks are called.
const taskFiles = "tasks-*.yaml"

// BuiltinTasks returns the tasks that ship.
func BuiltinTasks() ([]Task, error) {
	dir, err := fs.Sub(builtin, "testdata")
	if err != nil {
		return nil, err
	}
	return LoadTasks(dir)
}

// LoadTasks reads every task of the tasks-*.yaml files of a file system, in
// the order of their names; a file may hold several documents.
func LoadTasks(dir fs.FS) ([]Task, error) {
	names, err := fs.Glob(dir, taskFiles)
	if err != nil {
		return nil, err
	}
	var out []Task
	seen := make(map[string]bool)
	for _, name := range names {
		raw, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		docs := yaml.NewDecoder(bytes.NewReader(raw), yaml.Strict())
		for {
			var t Task
			err := docs.Decode(&t)
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = t.prepare()
			}
			if err == nil && seen[t.Name] {
				err = fmt.Errorf("task %q is there twice", t.Name)
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			seen[t.Name] = true
			out = append(out, t)
		}
	}
	return out, nil
}

// prepare checks a task and compiles its conditions.
func (t *Task) prepare() error {
	if t.Name == "" || t.Kind == "" || len(t.Moves) == 0 {
		return errors.New("a task needs a name, a kind and moves")
	}
	if t.Channel == "" {
		t.Channel = dialog.ChannelText
	}
	for i := range t.Moves {
		m := &t.Moves[i]
		if m.Say == "" && m.Keys == "" && m.Event == "" && len(m.Photo) == 0 {
			return fmt.Errorf("task %q: move %d does nothing", t.Name, i+1)
		}
		if m.If == "" {
			continue
		}
		var err error
		if m.when, err = regexp.Compile(m.If); err != nil {
			return fmt.Errorf("task %q: move %d: if: %w", t.Name, i+1, err)
		}
	}
	return nil
}

// turn is the move as the engine gets it.
func (m Move) turn() Turn {
	return Turn{User: m.Say, Keys: m.Keys, Event: m.Event, Photo: m.Photo, Heard: m.Heard, Restart: m.Restart, GiveBack: m.GiveBack}
}
