package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"waggle/dialog/flow"
	"waggle/dialog/knowledge"
	"waggle/dialog/nlu"
	"waggle/dialog/nlu/encoder"
	"waggle/shop/demo"
)

// retrieval is how well questions find the entry that answers them.
type retrieval struct {
	N int `json:"n"`
	// Recall of the right entry by words alone, and by words and meaning.
	Words  recall `json:"words"`
	Hybrid recall `json:"hybrid"`
	// Answered counts what is said when the turn is known to be a question for
	// the base; Guessed when that is not known.
	Answered said `json:"answered"`
	Guessed  said `json:"guessed"`
}

type recall struct {
	At1 float64 `json:"recall_at_1"`
	At5 float64 `json:"recall_at_5"`
}

// said is what became of the questions: an entry that answers, another one,
// nothing; and how many that no entry answers got one all the same.
type said struct {
	Right    int `json:"right"`
	Wrong    int `json:"wrong"`
	Nothing  int `json:"nothing"`
	Foreign  int `json:"foreign"`
	Answered int `json:"foreign_answered"`
}

// question is a row of the manifest; entry "-" means that none answers it.
type question struct{ text, entry string }

func evalRetrievalCommand() *cobra.Command {
	var (
		asJSON   bool
		manifest string
	)
	c := &cobra.Command{
		Use:   "retrieval --manifest FILE [--json]",
		Short: "Recall of the demo shop's question base on labelled questions (TSV: question, entry; - for none)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			questions, err := readQuestions(manifest)
			if err != nil {
				return err
			}
			r, err := measureRetrieval(c.Context(), questions)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(r)
			}
			return r.print(c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	c.Flags().StringVar(&manifest, "manifest", "", "TSV with the header: question entry")
	return c
}

func readQuestions(path string) ([]question, error) {
	if path == "" {
		return nil, usagef("--manifest FILE is needed")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if strings.TrimSpace(lines[0]) != "question\tentry" || len(lines) < 2 {
		return nil, usagef("%s: the header must be question<TAB>entry, with a row below", path)
	}
	var out []question
	for i, line := range lines[1:] {
		text, entry, ok := strings.Cut(strings.TrimRight(line, "\r"), "\t")
		if !ok || text == "" || entry == "" {
			return nil, usagef("%s:%d: a question, a tab and an entry are needed", path, i+2)
		}
		out = append(out, question{text, entry})
	}
	return out, nil
}

func measureRetrieval(ctx context.Context, questions []question) (r retrieval, err error) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		return r, err
	}
	l, err := flow.OpenLibrary(ctx, s, nil)
	if err != nil {
		return r, err
	}
	e, err := encoder.Open()
	if err != nil {
		return r, err
	}
	u, err := nlu.OpenWith(nlu.Options{Encoder: e})
	if err != nil {
		return r, err
	}
	r.N = len(questions)
	r.Words = recallOf(l, questions)
	if err := l.Embed(ctx, u); err != nil {
		return r, err
	}
	r.Hybrid = recallOf(l, questions)
	r.Answered, r.Guessed = saidTo(l, questions, knowledge.CoverAsked), saidTo(l, questions, knowledge.CoverGuess)
	return r, nil
}

func recallOf(l *knowledge.Library, questions []question) (r recall) {
	n := 0.0
	for _, q := range questions {
		if q.entry == "-" {
			continue
		}
		n++
		for rank, h := range l.Retrieve(q.text, 5) {
			if h.Entry.ID == q.entry {
				r.At5++
				if rank == 0 {
					r.At1++
				}
			}
		}
	}
	n = max(n, 1)
	return recall{r.At1 / n, r.At5 / n}
}

func saidTo(l *knowledge.Library, questions []question, least float64) (s said) {
	for _, q := range questions {
		a, ok := l.Answer(q.text, least)
		switch {
		case q.entry == "-":
			s.Foreign++
			if ok {
				s.Answered++
			}
		case !ok:
			s.Nothing++
		case a.ID == q.entry:
			s.Right++
		default:
			s.Wrong++
		}
	}
	return s
}

func (r retrieval) print(w io.Writer) error {
	line := func(s said) string {
		return fmt.Sprintf("%d right, %d by another entry, %d nothing; %d of %d foreign ones answered", s.Right, s.Wrong, s.Nothing, s.Answered, s.Foreign)
	}
	_, err := fmt.Fprintf(w, "%d questions: by words recall@1 %.3f, @5 %.3f; by words and meaning %.3f, %.3f\nasked of the base: %s\nonly perhaps: %s\n",
		r.N, r.Words.At1, r.Words.At5, r.Hybrid.At1, r.Hybrid.At5, line(r.Answered), line(r.Guessed))
	return err
}
