package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Key is one key of the API. Its value is shown once and never stored.
type Key struct {
	ID, Name, Role string
	Created        time.Time
}

// AddKey stores the hash of a key. The secret must hold 256 random bits: a
// fast hash is enough for those and would not be for a password.
func (s *Store) AddKey(ctx context.Context, k Key, secret string) error {
	sum := sha256.Sum256([]byte(secret))
	_, err := s.write.ExecContext(ctx, `INSERT INTO keys (id, name, role, hash, created) VALUES (?, ?, ?, ?, ?)`,
		k.ID, k.Name, k.Role, sum[:], micros(k.Created))
	return wrap("add key", err)
}

// FindKey looks a key up by its secret; ErrNotFound if there is none. The
// look-up is by hash, so its time says nothing about how much of it matched.
func (s *Store) FindKey(ctx context.Context, secret string) (Key, error) {
	sum := sha256.Sum256([]byte(secret))
	var (
		k       Key
		created int64
	)
	err := s.read.QueryRowContext(ctx, `SELECT id, name, role, created FROM keys WHERE hash = ?`, sum[:]).
		Scan(&k.ID, &k.Name, &k.Role, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return Key{}, fmt.Errorf("%w: key", ErrNotFound)
	}
	k.Created = fromMicros(created)
	return k, wrap("find key", err)
}

// CountKeys tells a fresh directory from one in use.
func (s *Store) CountKeys(ctx context.Context) (n int, err error) {
	err = s.read.QueryRowContext(ctx, `SELECT count(*) FROM keys`).Scan(&n)
	return n, wrap("count keys", err)
}
