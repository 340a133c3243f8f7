package demo

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"sync"
	"time"

	"waggle/shop"
)

// Journal keeps the writes of a demo shop. Append is durable when it returns.
type Journal interface {
	Append(Record) error
	Records() ([]Record, error)
}

// Kinds of records.
const (
	recordCancel  = "cancel"
	recordAddress = "address"
	recordHurry   = "hurry"
	recordRefund  = "refund"
	recordInvoice = "invoice"
	recordTicket  = "ticket"
	recordModify  = "modify"
	recordNote    = "note"
	recordTake    = "withdraw"
	recordClaim   = "claim"
	recordNotice  = "restock"
	recordRetain  = "gift"
)

// Record is one write.
type Record struct {
	Kind  string    `json:"kind"`
	Key   shop.Key  `json:"key"`
	At    time.Time `json:"at"`
	ID    string    `json:"id,omitempty"` // of the refund, invoice or ticket
	Order string    `json:"order,omitempty"`
	Text  string    `json:"text,omitempty"`

	Address *shop.Address        `json:"address,omitempty"`
	Refund  *shop.RefundRequest  `json:"refund,omitempty"`
	Invoice *shop.InvoiceRequest `json:"invoice,omitempty"`
	Ticket  *shop.TicketRequest  `json:"ticket,omitempty"`
	Modify  *shop.Modification   `json:"modify,omitempty"`
	Restock *shop.RestockRequest `json:"restock,omitempty"`
	Retain  *shop.RetentionOffer `json:"retain,omitempty"`
	// Customer and Coupon are of a claim, Withdrawn is the id of a refund.
	Customer  string `json:"customer,omitempty"`
	Coupon    string `json:"coupon,omitempty"`
	Withdrawn string `json:"withdrawn,omitempty"`
	// The shop works these out when it makes the write: how the order stood
	// before, what it became, and whether a refund is about a part of it.
	Before shop.OrderState `json:"before,omitempty"`
	After  *shop.Order     `json:"after,omitempty"`
	Part   bool            `json:"part,omitempty"`
}

// apply changes an order as the write did.
func (r Record) apply(o shop.Order) shop.Order {
	switch r.Kind {
	case recordCancel:
		o.State = shop.StateCancelled
	case recordAddress:
		o.Address = *r.Address
	case recordHurry:
		o.Hurried = r.At
	case recordRefund:
		if !r.Part && r.Refund.Kind != shop.RefundExchange && !r.Refund.Kind.Abates() {
			o.State = shop.StateRefunding
		}
	case recordModify:
		o.Lines, o.Shipping, o.Total = slices.Clone(r.After.Lines), r.After.Shipping, r.After.Total
	case recordNote:
		o.Note = r.Text
	case recordTake:
		if r.Before != "" {
			o.State = r.Before
		}
	}
	return o
}

// same tells whether two records ask for the same thing.
func (r Record) same(other Record) bool {
	for _, x := range []*Record{&r, &other} {
		x.At, x.ID, x.Before, x.After, x.Part = time.Time{}, "", "", nil, false
	}
	return reflect.DeepEqual(r, other)
}

// write carries out a change once. With a key that was used before it returns
// the record of then, or ErrKeyReused when that asked for something else.
func (s *Shop) write(r Record, check func(*Record) error) (Record, error) {
	if r.Key == "" || len(r.Key) > shop.MaxKey {
		return Record{}, fmt.Errorf("a key must have 1 to %d bytes: %w", shop.MaxKey, shop.ErrInvalid)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i, ok := s.byKey[r.Key]; ok {
		if !s.changes[i].same(r) {
			return Record{}, shop.ErrKeyReused
		}
		return s.changes[i], nil
	}
	if err := check(&r); err != nil {
		return Record{}, err
	}
	r.At = s.now()
	r.ID = fmt.Sprintf("%s%d", r.Kind[:1], firstID+len(s.changes))
	if err := s.journal.Append(r); err != nil {
		return Record{}, fmt.Errorf("demo shop: keep the change: %w", err)
	}
	s.keep(r)
	return r, nil
}

// firstID is above the ids of the embedded refunds.
const firstID = 7001

func (s *Shop) keep(r Record) {
	s.byKey[r.Key] = len(s.changes)
	if r.Order != "" {
		s.byOrder[r.Order] = append(s.byOrder[r.Order], len(s.changes))
	}
	s.changes = append(s.changes, r)
}

// memoryOnly is the journal of a shop that forgets.
type memoryOnly struct{}

func (memoryOnly) Append(Record) error        { return nil }
func (memoryOnly) Records() ([]Record, error) { return nil, nil }

// FileJournal keeps records as lines of JSON in one file.
type FileJournal struct {
	mu   sync.Mutex
	file *os.File
}

// OpenFileJournal opens or creates the file.
func OpenFileJournal(path string) (*FileJournal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("demo shop: open the journal: %w", err)
	}
	return &FileJournal{file: f}, nil
}

// Append writes the record and waits until it is on the disk.
func (j *FileJournal) Append(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

// Records reads all lines. A last line that a crash has cut off is dropped:
// its write was never confirmed.
func (j *FileJournal) Records() ([]Record, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	var (
		out  []Record
		good int64
	)
	lines := bufio.NewReader(j.file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		var r Record
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("line %d: %w", len(out)+1, err)
		}
		out = append(out, r)
		good += int64(len(line))
	}
	if err := j.file.Truncate(good); err != nil {
		return nil, err
	}
	_, err := j.file.Seek(good, io.SeekStart)
	return out, err
}

// Close closes the file.
func (j *FileJournal) Close() error { return j.file.Close() }
