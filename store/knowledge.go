package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"waggle/dialog/knowledge"
)

// Knowledge keeps documents, pinned answers and unanswered questions.
type Knowledge struct{ s *Store }

var _ knowledge.Keeper = Knowledge{}

// Knowledge is the store as the keeper of a knowledge.Library.
func (s *Store) Knowledge() Knowledge { return Knowledge{s} }

// list reads all rows of a query.
func list[T any](ctx context.Context, s *Store, what string, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := s.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(what, err)
	}
	all, err := collect(rows, scan)
	return all, wrap(what, err)
}

// Version grows with every change of documents and pins.
func (k Knowledge) Version(ctx context.Context) (n int64, err error) {
	err = k.s.read.QueryRowContext(ctx, `SELECT n FROM knowledge_version`).Scan(&n)
	return n, wrap("knowledge version", err)
}

// Documents lists the imported documents, the newest first.
func (k Knowledge) Documents(ctx context.Context) ([]knowledge.Stored, error) {
	return list(ctx, k.s, "documents", func(r *sql.Rows) (d knowledge.Stored, err error) {
		var raw []byte
		var at int64
		if err = r.Scan(&raw, &at); err == nil {
			err = json.Unmarshal(raw, &d.Document)
		}
		d.Imported = fromMicros(at)
		return d, err
	}, `SELECT document, imported FROM documents ORDER BY imported DESC, name`)
}

// SaveDocument keeps a document in place of one of the same name.
func (k Knowledge) SaveDocument(ctx context.Context, d knowledge.Stored) error {
	raw, err := json.Marshal(d.Document)
	if err != nil {
		return wrap("save document", err)
	}
	_, err = k.s.write.ExecContext(ctx, `INSERT INTO documents (name, document, imported) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET document = excluded.document, imported = excluded.imported`, d.Name, string(raw), micros(d.Imported))
	return wrap("save document", err)
}

// RemoveDocument reports whether there was one.
func (k Knowledge) RemoveDocument(ctx context.Context, name string) (bool, error) {
	return k.remove(ctx, `DELETE FROM documents WHERE name = ?`, name)
}

// Pins lists the pinned answers, the newest first.
func (k Knowledge) Pins(ctx context.Context) ([]knowledge.Pin, error) {
	return list(ctx, k.s, "pins", func(r *sql.Rows) (p knowledge.Pin, err error) {
		var at int64
		err = r.Scan(&p.ID, &p.Question, &p.Answer, &at)
		p.Set = fromMicros(at)
		return p, err
	}, `SELECT id, question, answer, at FROM pins ORDER BY at DESC, id`)
}

// SavePin sets an answer.
func (k Knowledge) SavePin(ctx context.Context, p knowledge.Pin) error {
	_, err := k.s.write.ExecContext(ctx, `INSERT INTO pins (id, question, answer, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET question = excluded.question, answer = excluded.answer, at = excluded.at`,
		p.ID, p.Question, p.Answer, micros(p.Set))
	return wrap("save pin", err)
}

// RemovePin reports whether there was one.
func (k Knowledge) RemovePin(ctx context.Context, id string) (bool, error) {
	return k.remove(ctx, `DELETE FROM pins WHERE id = ?`, id)
}

func (k Knowledge) remove(ctx context.Context, query, id string) (bool, error) {
	r, err := k.s.write.ExecContext(ctx, query, id)
	if err != nil {
		return false, wrap("remove", err)
	}
	n, err := r.RowsAffected()
	return n > 0, wrap("remove", err)
}

// maxMissedKept bounds the questions that are remembered; the oldest go first.
const maxMissedKept = 20_000

// Missed counts a question that nothing answered.
func (k Knowledge) Missed(ctx context.Context, question string, at time.Time) error {
	_, err := k.s.write.ExecContext(ctx, `INSERT INTO missed (question, times, last) VALUES (?, 1, ?)
		ON CONFLICT (question) DO UPDATE SET times = times + 1, last = excluded.last`, question, micros(at))
	if err != nil {
		return wrap("missed", err)
	}
	_, err = k.s.write.ExecContext(ctx, `DELETE FROM missed WHERE question IN
		(SELECT question FROM missed ORDER BY last DESC LIMIT -1 OFFSET ?)`, maxMissedKept)
	return wrap("missed", err)
}

// MissedSince lists questions, the most asked first.
func (k Knowledge) MissedSince(ctx context.Context, since time.Time, limit int) ([]knowledge.Question, error) {
	return list(ctx, k.s, "missed", func(r *sql.Rows) (q knowledge.Question, err error) {
		var last int64
		err = r.Scan(&q.Text, &q.Times, &last)
		q.Last = fromMicros(last)
		return q, err
	}, `SELECT question, times, last FROM missed WHERE last >= ? ORDER BY times DESC, last DESC LIMIT ?`, micros(since), limit)
}
