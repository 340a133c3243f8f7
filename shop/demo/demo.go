// Package demo is a whole small shop, embedded: products with pictures,
// customers, orders in every state, parcels on their way. Waggle serves it
// when no shop is configured. Its dates move along with the clock; its writes
// go to a Journal, so that they survive a restart when the journal does. The
// records of data/more are written by grow, the pictures by draw. It may import
// shop and shop/offer only.
package demo

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"waggle/shop"
)

// Options of a demo shop.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Journal keeps the writes; nil keeps them in memory only.
	Journal Journal
	// More products go on the shelf behind the embedded ones.
	More []shop.Product
}

// Shop implements shop.Shop. It is safe for concurrent use.
type Shop struct {
	now     func() time.Time
	data    *data
	journal Journal

	mu      sync.RWMutex
	changes []Record         // in the order in which they were made
	byKey   map[shop.Key]int // index into changes
	byOrder map[string][]int // indices into changes
}

var _ shop.Shop = (*Shop)(nil)

// Open loads the embedded records and replays the journal over them.
func Open(o Options) (*Shop, error) {
	d, err := load(o.More)
	if err != nil {
		return nil, err
	}
	s := &Shop{now: o.Now, data: d, journal: o.Journal, byKey: make(map[shop.Key]int), byOrder: make(map[string][]int)}
	if s.now == nil {
		s.now = time.Now
	}
	if s.journal == nil {
		s.journal = memoryOnly{}
	}
	records, err := s.journal.Records()
	if err != nil {
		return nil, fmt.Errorf("demo shop: read the journal: %w", err)
	}
	for _, r := range records {
		s.keep(r)
	}
	return s, nil
}

// Customer finds a person by id.
func (s *Shop) Customer(_ context.Context, id string) (shop.Customer, error) {
	return found(s.data.customerByID, id, "customer")
}

// CustomerByPhone finds a person by phone number; +86 and 86 in front of a
// mobile number are ignored.
func (s *Shop) CustomerByPhone(_ context.Context, phone string) (shop.Customer, error) {
	phone = strings.TrimPrefix(phone, "+")
	if len(phone) == 13 {
		phone = strings.TrimPrefix(phone, "86")
	}
	return found(s.data.customerByPhone, phone, "customer")
}

// found looks a record up; the message does not repeat the id of a person.
func found[T any](index map[string]T, id, what string) (T, error) {
	v, ok := index[id]
	if !ok {
		return v, fmt.Errorf("%s: %w", what, shop.ErrNotFound)
	}
	return v, nil
}

// Policy returns the rules of the shop.
func (s *Shop) Policy(context.Context) (shop.Policy, error) { return s.data.policy, nil }

// Articles returns the question base.
func (s *Shop) Articles(context.Context) ([]shop.Article, error) { return s.data.articles, nil }
