package rehearse

import (
	"sync"

	"waggle/shop/demo"
)

// ledger is the journal of a shop in which a task is played: it notes in which
// move each write was made. The demo shop has no other way to change.
type ledger struct {
	mu      sync.Mutex
	move    int // index of the move under way
	entries []deed
}

// deed is one write.
type deed struct {
	demo.Record
	move int
}

var _ demo.Journal = (*ledger)(nil)

func (l *ledger) Append(r demo.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, deed{Record: r, move: l.move})
	return nil
}

func (*ledger) Records() ([]demo.Record, error) { return nil, nil }

// begin says that the move of the index begins.
func (l *ledger) begin(move int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.move = move
}

// during lists the writes of one move.
func (l *ledger) during(move int) []deed {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []deed
	for _, d := range l.entries {
		if d.move == move {
			out = append(out, d)
		}
	}
	return out
}

// invoices adds those writes to the changes that cannot be read back from the
// shop.
func (l *ledger) invoices(out map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range l.entries {
		if d.Invoice == nil {
			continue
		}
		value := d.Invoice.Title
		if d.Invoice.TaxID != "" {
			value += " " + d.Invoice.TaxID
		}
		add(out, "new invoice of "+d.Order, value)
	}
}
