package shoptest

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"waggle/shop"
)

// keys: the same key and request is the same write; another request with it
// is refused; no key is refused.
func (f Fixture) keys(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	q := shop.TicketRequest{Kind: "complaint", Customer: f.Customer, Text: "slow"}
	a, err := s.OpenTicket(ctx, "k", q)
	if err != nil {
		t.Fatal(err)
	}
	if b, err := s.OpenTicket(ctx, "k", q); err != nil || b.ID != a.ID {
		t.Errorf("the same write again: %+v, %v", b, err)
	}
	q.Text = "rude"
	if _, err := s.OpenTicket(ctx, "k", q); !errors.Is(err, shop.ErrKeyReused) {
		t.Errorf("another write with the key: %v, want ErrKeyReused", err)
	}
	for _, key := range []shop.Key{"", shop.Key(strings.Repeat("k", shop.MaxKey+1))} {
		if _, err := s.OpenTicket(ctx, key, q); !errors.Is(err, shop.ErrInvalid) {
			t.Errorf("a key of %d bytes: %v, want ErrInvalid", len(key), err)
		}
	}
	if _, err := s.Cancel(ctx, "c", f.Paid, ""); err != nil {
		t.Fatal(err)
	}
	if o, err := s.Cancel(ctx, "c", f.Paid, ""); err != nil || o.State != shop.StateCancelled {
		t.Errorf("cancelling again with the key: %s, %v", o.State, err)
	}
}

func (f Fixture) race(t *testing.T) {
	s, ctx := f.Open(t), t.Context()
	q := shop.TicketRequest{Kind: "other", Customer: f.Customer, Text: "hello"}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := s.OpenTicket(ctx, "same", q); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := s.TicketsOf(ctx, f.Customer); err != nil || len(got) != 1 {
		t.Errorf("%d tickets from one key, %v", len(got), err)
	}
}
