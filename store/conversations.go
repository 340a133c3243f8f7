package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"waggle/dialog"
)

var _ dialog.Log = (*Store)(nil)

// ErrNotFound says that a record does not exist.
var ErrNotFound = errors.New("store: no such record")

// Append writes one entry of a conversation's log. An Opening creates the
// conversation; Ended closes it.
func (s *Store) Append(ctx context.Context, e dialog.Entry) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("store: encode entry: %w", err)
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if o := e.Opening; o != nil {
			if _, err := tx.ExecContext(ctx,
				`INSERT INTO conversations (id, channel, caller, customer, started) VALUES (?, ?, ?, ?, ?)
				 ON CONFLICT (id) DO NOTHING`,
				e.Conversation, o.Channel, o.From, o.User, micros(e.At)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO entries (conversation, seq, at, body) VALUES (?, ?, ?, ?)`,
			e.Conversation, e.Seq, micros(e.At), string(body)); err != nil {
			return err
		}
		if e.Ended == "" {
			return nil
		}
		_, err := tx.ExecContext(ctx, `UPDATE conversations SET ended = ?, outcome = ? WHERE id = ?`,
			micros(e.At), e.Ended, e.Conversation)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: append to conversation: %w", err)
	}
	return nil
}

// Read returns the log of a conversation in order; ErrNotFound, which is
// dialog.ErrUnknown too, if there is none.
func (s *Store) Read(ctx context.Context, conversation string) ([]dialog.Entry, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT body FROM entries WHERE conversation = ? ORDER BY seq`, conversation)
	if err != nil {
		return nil, fmt.Errorf("store: read conversation: %w", err)
	}
	entries, err := collect(rows, func(rows *sql.Rows) (e dialog.Entry, err error) {
		var body string
		if err := rows.Scan(&body); err != nil {
			return e, err
		}
		return e, json.Unmarshal([]byte(body), &e)
	})
	if err != nil {
		return nil, fmt.Errorf("store: read conversation: %w", err)
	}
	if len(entries) == 0 {
		return nil, fmt.Errorf("%w (%w): %q", ErrNotFound, dialog.ErrUnknown, conversation)
	}
	return entries, nil
}

// Conversation is one line of the list of conversations.
type Conversation struct {
	ID, Channel, From, User string
	Started, Ended          time.Time
	Outcome                 string
}

// Conversations lists the newest limit conversations, newest last.
func (s *Store) Conversations(ctx context.Context, limit int) ([]Conversation, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT id, channel, caller, customer, started, ended, outcome FROM
		(SELECT * FROM conversations ORDER BY started DESC, id LIMIT ?) ORDER BY started, id`, limit)
	if err != nil {
		return nil, fmt.Errorf("store: list conversations: %w", err)
	}
	return collect(rows, func(rows *sql.Rows) (c Conversation, err error) {
		var started, ended int64
		err = rows.Scan(&c.ID, &c.Channel, &c.From, &c.User, &started, &ended, &c.Outcome)
		c.Started, c.Ended = fromMicros(started), fromMicros(ended)
		return c, err
	})
}

// collect reads all rows with scan and closes them.
func collect[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) (list []T, err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}
