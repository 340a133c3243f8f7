package demo

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waggle/shop"
	"waggle/shop/offer"
	"waggle/shop/shoptest"
)

// now is a Friday afternoon in China.
var now = time.Date(2026, 11, 20, 14, 5, 0, 0, chinaTime)

func open(t testing.TB, o Options) *Shop {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return now }
	}
	s, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fixture names records of the demo shop.
func fixture(open func(t *testing.T) shop.Shop) shoptest.Fixture {
	return shoptest.Fixture{
		Open: open, Phone: "13800000002", Customer: "c02",
		ToPay: "2659701811", Paid: "2667352095", Shipped: "2609885777", Signed: "2640580210",
		Large: "2664854708", Product: "vase", Words: "那个花瓶多少钱",
		Unpaid: "2694270569", Changeable: "2629238819", Variant: "藏青 M码", Gone: "卡其 L码",
		Fallen: "2654148818", Refunding: "2691717029", Partial: "2639622098", Deposit: "2672056832",
		Coupon: "home15", SoldOut: "fairycup", Other: "c01",
		Kept: "2670587422", Hesitant: "2617587600", Cheap: "2632501783",
	}
}

func TestConformance(t *testing.T) {
	shoptest.Run(t, fixture(func(t *testing.T) shop.Shop { return open(t, Options{}) }))
}

func TestConformanceWithJournal(t *testing.T) {
	shoptest.Run(t, fixture(func(t *testing.T) shop.Shop {
		j, err := OpenFileJournal(filepath.Join(t.TempDir(), "shop.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { j.Close() })
		return open(t, Options{Journal: j})
	}))
}

// The embedded records hang together, at every hour of a week.
func TestRecordsArePlausible(t *testing.T) {
	at := now
	s := open(t, Options{Now: func() time.Time { return at }})
	for h := range 24 * 7 {
		at = now.Add(time.Duration(h) * time.Hour)
		checkShop(t, s, at)
		if t.Failed() {
			t.Fatalf("at %s", at)
		}
	}
}

func checkShop(t *testing.T, s *Shop, at time.Time) {
	t.Helper()
	states := map[shop.OrderState]int{}
	orders := 0
	for _, c := range s.data.customers {
		list, err := s.OrdersOf(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range list {
			orders++
			states[o.State]++
			checkOrder(t, s, o, at)
		}
	}
	if orders < 400 || len(s.data.customers) < 100 || len(s.data.products) < 200 || len(s.data.articles) < 120 {
		t.Errorf("%d orders, %d customers, %d products", orders, len(s.data.customers), len(s.data.products))
	}
	for _, st := range shop.States() {
		if states[st] < 3 {
			t.Errorf("only %d orders are %s", states[st], st)
		}
	}
}

func checkOrder(t *testing.T, s *Shop, o shop.Order, at time.Time) {
	t.Helper()
	if paid, err := offer.Paid(o); err != nil {
		t.Errorf("order %s: %v, %v", o.ID, paid, err)
	}
	for _, l := range o.Lines {
		p, err := s.Product(t.Context(), l.Product)
		if err != nil || p.Price > l.Price || p.Name != l.Name { // some have become cheaper since
			t.Errorf("order %s: line %+v is not product %+v", o.ID, l, p)
		}
	}
	last := o.Created
	for _, step := range []time.Time{o.Paid, o.Shipped, o.Signed} {
		if !step.IsZero() && (step.Before(last) || step.After(at)) {
			t.Errorf("order %s: %s comes before %s or after now", o.ID, step, last)
		}
		if !step.IsZero() {
			last = step
		}
	}
	if o.Tracking != "" {
		checkParcel(t, s, o, at)
	}
	if o.State == shop.StateSigned && o.Signed.IsZero() || o.State == shop.StatePaid && o.Paid.IsZero() {
		t.Errorf("order %s is %s without a date", o.ID, o.State)
	}
}

func checkParcel(t *testing.T, s *Shop, o shop.Order, at time.Time) {
	t.Helper()
	p, err := s.Parcel(t.Context(), o.Tracking)
	if err != nil {
		t.Fatal(err)
	}
	last := o.Shipped.Add(-time.Minute)
	for _, scan := range p.Track {
		if scan.At.Before(last) || scan.At.After(at) {
			t.Errorf("parcel %s: %s at %s is out of order", p.Tracking, scan.Text, scan.At)
		}
		last = scan.At
	}
	if !p.Due.IsZero() && (!p.Due.After(at) || p.Due.Hour() < opens || p.Due.Hour() > closes) {
		t.Errorf("parcel %s is due at %s, seen at %s", p.Tracking, p.Due, at)
	}
	if (p.State == shop.ParcelSigned) == p.Due.After(at) && p.State != shop.ParcelLocker {
		t.Errorf("parcel %s is %s and due %s", p.Tracking, p.State, p.Due)
	}
}

// Writes survive a restart, a cut last line included.
func TestJournalSurvivesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.jsonl")
	j, err := OpenFileJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, Options{Journal: j})
	if _, err := s.Cancel(t.Context(), "k", "2667352095", ""); err != nil {
		t.Fatal(err)
	}
	j.Close()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"kind":"hurry","key":"x"`); err != nil {
		t.Fatal(err)
	}
	f.Close()

	if j, err = OpenFileJournal(path); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Journal: j})
	if o, err := s.Order(t.Context(), "2667352095"); err != nil || o.State != shop.StateCancelled {
		t.Errorf("after the crash: %s, %v", o.State, err)
	}
	if _, err := s.OpenTicket(t.Context(), "t", shop.TicketRequest{Kind: "other", Customer: "c01"}); err != nil {
		t.Fatal(err)
	}
	j.Close()
	if j, err = OpenFileJournal(path); err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if got, err := j.Records(); err != nil || len(got) != 2 {
		t.Errorf("%d records, %v", len(got), err)
	}
}

func TestDamagedJournalIsNotIgnored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.jsonl")
	if err := os.WriteFile(path, []byte("not json\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, err := OpenFileJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	if _, err := Open(Options{Journal: j}); err == nil {
		t.Error("a damaged journal was opened")
	}
}

// full is a journal on a full disk.
type full struct{ memoryOnly }

var errFull = errors.New("disk full")

func (full) Append(Record) error { return errFull }

func TestWhatCannotBeKeptIsNotDone(t *testing.T) {
	s := open(t, Options{Journal: full{}})
	if _, err := s.Cancel(t.Context(), "k", "2667352095", ""); !errors.Is(err, errFull) {
		t.Errorf("cancel: %v", err)
	}
	if o, err := s.Order(t.Context(), "2667352095"); err != nil || o.State != shop.StatePaid {
		t.Errorf("afterwards: %s, %v", o.State, err)
	}
}
