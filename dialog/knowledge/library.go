package knowledge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"waggle/dialog/knowledge/ingest"
	"waggle/shop"
)

// Verdicts of a Library.
var (
	ErrNotFound = errors.New("knowledge: there is no such document or pin")
	ErrInvalid  = errors.New("knowledge: invalid")
)

// Limits of what a merchant may bring in.
const (
	maxDocuments = 500
	maxPins      = 2000
	maxAnswer    = 300 // characters: what can be listened to
	maxQuestion  = 100
)

// Pin is an answer that a person has set: it goes before everything else.
type Pin struct {
	ID       string    `json:"id"`
	Question string    `json:"question"`
	Answer   string    `json:"answer"`
	Set      time.Time `json:"set"`
}

// Stored is an imported document.
type Stored struct {
	ingest.Document
	Imported time.Time `json:"imported"`
}

// Keeper keeps what was brought in; store implements it.
type Keeper interface {
	Documents(ctx context.Context) ([]Stored, error)
	SaveDocument(ctx context.Context, d Stored) error
	RemoveDocument(ctx context.Context, name string) (bool, error)
	Pins(ctx context.Context) ([]Pin, error)
	SavePin(ctx context.Context, p Pin) error
	RemovePin(ctx context.Context, id string) (bool, error)
	// Version grows with every change of documents and pins.
	Version(ctx context.Context) (int64, error)
	// Missed counts a question that nothing answered; MissedSince lists them.
	Missed(ctx context.Context, question string, at time.Time) error
	MissedSince(ctx context.Context, since time.Time, limit int) ([]Question, error)
}

// Library is everything that questions are answered from. What is imported or
// pinned holds from the next turn on. It is safe for concurrent use.
type Library struct {
	keep     Keeper
	articles []shop.Article
	base     atomic.Pointer[Base]

	mu        sync.Mutex // of changes
	version   int64
	documents []Stored
	pins      []Pin
	embedder  Embedder // nil: entries are found by their words alone

	learned sync.RWMutex
	meaning map[string][]int8 // vectors by text
}

// Open indexes the shop's question base and what was kept. A nil Keeper keeps
// nothing: documents and pins are refused then.
func Open(ctx context.Context, articles []shop.Article, keep Keeper) (*Library, error) {
	l := &Library{keep: keep, articles: articles}
	l.version = -1
	l.reindex()
	return l, l.Refresh(ctx)
}

// Refresh takes over what another process has imported, pinned or removed.
func (l *Library) Refresh(ctx context.Context) error {
	if l.keep == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	version, err := l.keep.Version(ctx)
	if err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	if version == l.version {
		return nil
	}
	documents, err := l.keep.Documents(ctx)
	if err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	pins, err := l.keep.Pins(ctx)
	if err != nil {
		return fmt.Errorf("knowledge: %w", err)
	}
	l.documents, l.pins, l.version = documents, pins, version
	l.reindex()
	return nil
}

// reindex needs the lock, or a library that nobody else has.
func (l *Library) reindex() {
	var entries []Entry
	for _, p := range l.pins {
		entries = append(entries, Entry{ID: p.ID, Kind: Pinned, Questions: []string{p.Question}, Answer: p.Answer})
	}
	for _, a := range l.articles {
		entries = append(entries, Entry{ID: a.ID, Kind: FAQ, Topic: a.Topic, Questions: a.Questions, Answer: a.Answer})
	}
	for _, d := range l.documents {
		for i, p := range d.Passages {
			e := Entry{ID: fmt.Sprintf("%s#%d", d.Name, i+1), Kind: Document, Questions: p.Questions, Answer: p.Text}
			e.Body = strings.Join(append(p.Heading, p.Text), " ")
			entries = append(entries, e)
		}
	}
	base := New(entries)
	if l.embedder != nil {
		l.read(base)
	}
	l.base.Store(base)
}

// Import reads a document and keeps it in place of one of the same name. The
// report is the document as it was understood. Errors: those of ingest.Read,
// ErrInvalid, or the keeper's; nothing has changed then.
func (l *Library) Import(ctx context.Context, name string, raw []byte) (Stored, error) {
	if l.keep == nil {
		return Stored{}, fmt.Errorf("%w: nothing is kept here", ErrInvalid)
	}
	if name == "" || len(name) > 200 || !utf8.ValidString(name) || strings.ContainsAny(name, "/\\\x00\n\r") {
		return Stored{}, fmt.Errorf("%w: a document needs a plain file name", ErrInvalid)
	}
	doc, err := ingest.Read(name, raw, ingest.Limits{})
	if err != nil {
		return Stored{}, err
	}
	d := Stored{Document: screened(doc), Imported: time.Now().UTC().Truncate(time.Second)}
	l.mu.Lock()
	defer l.mu.Unlock()
	documents := []Stored{d}
	for _, old := range l.documents {
		if old.Name != name {
			documents = append(documents, old)
		}
	}
	if len(documents) > maxDocuments {
		return Stored{}, fmt.Errorf("%w: there are %d documents; remove one first", ErrInvalid, maxDocuments)
	}
	if err := l.keep.SaveDocument(ctx, d); err != nil {
		return Stored{}, fmt.Errorf("knowledge: %w", err)
	}
	l.documents = documents
	l.reindex()
	return d, nil
}

// RemoveDocument forgets a document; ErrNotFound when there is none.
func (l *Library) RemoveDocument(ctx context.Context, name string) error {
	return l.remove(ctx, func(k Keeper) (bool, error) { return k.RemoveDocument(ctx, name) }, func() {
		l.documents = without(l.documents, func(d Stored) bool { return d.Name == name })
	})
}

// RemovePin takes an answer back; ErrNotFound when there is none.
func (l *Library) RemovePin(ctx context.Context, id string) error {
	return l.remove(ctx, func(k Keeper) (bool, error) { return k.RemovePin(ctx, id) }, func() {
		l.pins = without(l.pins, func(p Pin) bool { return p.ID == id })
	})
}

func (l *Library) remove(_ context.Context, kept func(Keeper) (bool, error), here func()) error {
	if l.keep == nil {
		return ErrNotFound
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	found, err := kept(l.keep)
	switch {
	case err != nil:
		return fmt.Errorf("knowledge: %w", err)
	case !found:
		return ErrNotFound
	}
	here()
	l.reindex()
	return nil
}

func without[T any](list []T, drop func(T) bool) []T {
	var out []T
	for _, x := range list {
		if !drop(x) {
			out = append(out, x)
		}
	}
	return out
}

// Pin sets the answer to a question, from the next turn on. Setting it again
// for the same question replaces it.
func (l *Library) Pin(ctx context.Context, question, answer string) (Pin, error) {
	question, answer = strings.TrimSpace(question), strings.TrimSpace(answer)
	switch {
	case l.keep == nil:
		return Pin{}, fmt.Errorf("%w: nothing is kept here", ErrInvalid)
	case question == "" || utf8.RuneCountInString(question) > maxQuestion || len(terms(question)) == 0:
		return Pin{}, fmt.Errorf("%w: a question of 1 to %d characters is needed", ErrInvalid, maxQuestion)
	case answer == "" || utf8.RuneCountInString(answer) > maxAnswer:
		return Pin{}, fmt.Errorf("%w: an answer of 1 to %d characters is needed: it is spoken", ErrInvalid, maxAnswer)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p := Pin{ID: pinID(question), Question: question, Answer: answer, Set: time.Now().UTC().Truncate(time.Second)}
	pins := append([]Pin{p}, without(l.pins, func(old Pin) bool { return old.ID == p.ID })...)
	if len(pins) > maxPins {
		return Pin{}, fmt.Errorf("%w: there are %d pinned answers; remove one first", ErrInvalid, maxPins)
	}
	if err := l.keep.SavePin(ctx, p); err != nil {
		return Pin{}, fmt.Errorf("knowledge: %w", err)
	}
	l.pins = pins
	l.reindex()
	return p, nil
}

// Holdings is what a library was given besides the shop's question base.
type Holdings struct {
	Articles  int      `json:"articles"`
	Entries   int      `json:"entries"`
	Documents []Stored `json:"documents"`
	Pins      []Pin    `json:"pins"`
}

// Holdings lists it, the newest first.
func (l *Library) Holdings() Holdings {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Holdings{Articles: len(l.articles), Entries: l.base.Load().Len(),
		Documents: append([]Stored{}, l.documents...), Pins: append([]Pin{}, l.pins...)}
}
