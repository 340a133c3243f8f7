package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"waggle/api"
	"waggle/store"
)

// file is a path inside the data directory.
func (d dataDir) file(name string) string { return filepath.Join(string(d), name) }

// secretBytes is the size of the key that signs visitors' tokens.
const secretBytes = 32

// secret reads or makes the key that signs visitors' tokens. It is written
// whole or not at all, so that a crash leaves no short key behind.
func (d dataDir) secret() ([]byte, error) {
	path := d.file("secret")
	key, err := os.ReadFile(path)
	if err == nil && len(key) == secretBytes {
		return key, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	key = make([]byte, secretBytes)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	if err := os.WriteFile(path+".part", key, 0o600); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return key, os.Rename(path+".part", path)
}

// firstKey makes the first API key on a fresh data directory and returns it;
// on one in use it returns "".
func firstKey(ctx context.Context, s *store.Store) (string, error) {
	n, err := s.CountKeys(ctx)
	if err != nil || n > 0 {
		return "", err
	}
	key := "waggle_" + rand.Text() + rand.Text()
	k := store.Key{ID: rand.Text(), Name: "first key", Role: string(api.Admin), Created: time.Now()}
	return key, s.AddKey(ctx, k, key)
}

// storedKeys answers the API from the store.
type storedKeys struct{ *store.Store }

// Role implements api.Keys.
func (k storedKeys) Role(ctx context.Context, key string) (api.Role, error) {
	found, err := k.FindKey(ctx, key)
	if errors.Is(err, store.ErrNotFound) {
		return api.Nobody, nil
	}
	return api.Role(found.Role), err
}
