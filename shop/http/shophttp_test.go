package shophttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"waggle/shop"
	"waggle/shop/demo"
	"waggle/shop/shoptest"
)

var now = time.Date(2026, 11, 20, 14, 5, 0, 0, time.FixedZone("UTC+8", 8*3600))

// served opens a client of the demo shop behind HTTP.
func served(t *testing.T, wrap func(http.Handler) http.Handler) *Client {
	t.Helper()
	s, err := demo.Open(demo.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	h := Handler(s, demo.Images(), "secret")
	if wrap != nil {
		h = wrap(h)
	}
	server := httptest.NewServer(http.StripPrefix("/waggle", h))
	t.Cleanup(server.Close)
	c, err := New(Config{URL: server.URL + "/waggle/", Key: "secret", Rest: 50 * time.Millisecond, Timeout: 500 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func fixture(wrap func(http.Handler) http.Handler) shoptest.Fixture {
	return shoptest.Fixture{
		Open:  func(t *testing.T) shop.Shop { return served(t, wrap) },
		Phone: "13800000002", Customer: "c02",
		ToPay: "2659701811", Paid: "2667352095", Shipped: "2609885777", Signed: "2640580210",
		Large: "2664854708", Product: "vase", Words: "那个花瓶多少钱",
		Unpaid: "2694270569", Changeable: "2629238819", Variant: "藏青 M码", Gone: "卡其 L码",
		Fallen: "2654148818", Refunding: "2691717029", Partial: "2639622098", Deposit: "2672056832",
		Coupon: "home15", SoldOut: "fairycup", Other: "c01",
		Kept: "2670587422", Hesitant: "2617587600", Cheap: "2632501783",
	}
}

func TestConformance(t *testing.T) { shoptest.Run(t, fixture(nil)) }

// Every third answer is lost after the deed: the key must make the retry safe.
func TestConformanceWhenAnswersAreLost(t *testing.T) {
	shoptest.Run(t, fixture(func(h http.Handler) http.Handler {
		var n atomic.Int32
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if n.Add(1)%3 != 0 {
				h.ServeHTTP(w, r)
				return
			}
			h.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		})
	}))
}

// The contract, the handler and the client name the same operations.
func TestContractIsWhatIsServedAndAsked(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(Contract(), &doc); err != nil {
		t.Fatal(err)
	}
	var described []string
	for path, methods := range doc.Paths {
		for m := range methods {
			described = append(described, strings.ToUpper(m)+" "+path)
		}
	}
	slices.Sort(described)
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var serving []string
	for op := range routes(s, demo.Images()) {
		serving = append(serving, strings.ReplaceAll(op, "...", ""))
	}
	slices.Sort(serving)
	if !slices.Equal(serving, described) {
		t.Errorf("served  %v\ndescribed %v", serving, described)
	}
	var mu sync.Mutex
	asked := map[string]bool{}
	f := fixture(func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(w, r)
			mu.Lock()
			defer mu.Unlock()
			asked[strings.ReplaceAll(r.Pattern, "...", "")] = true
		})
	})
	t.Run("suite", func(t *testing.T) { shoptest.Run(t, f) })
	c, ok := f.Open(t).(*Client)
	if !ok {
		t.Fatal("no client")
	}
	if _, err := c.Customer(t.Context(), "c02"); err != nil {
		t.Error(err)
	}
	vase, err := c.Product(t.Context(), "vase")
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := fs.ReadFile(c.Images(), vase.Image); err != nil || !bytes.HasPrefix(raw, []byte("\x89PNG")) {
		t.Errorf("picture %s: %d bytes, %v", vase.Image, len(raw), err)
	}
	if _, err := c.Images().Open("no/such.png"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, op := range described {
		if !asked[op] {
			t.Errorf("%s is described but the suite never asked for it", op)
		}
	}
}

func order() map[string]any {
	return map[string]any{"id": "1", "customer": "c", "state": "paid", "total": 100, "shipping": 0, "created": "2026-11-01T10:00:00+08:00",
		"paid": "2026-11-01T10:05:00+08:00", "lines": []any{map[string]any{"product": "p", "name": "花瓶", "price": 100, "count": 1}}, "new_field": 1}
}

func TestAnswersThatCannotBeTrueAreRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(map[string]any)
		good   bool
	}{
		"as it should be": {func(map[string]any) {}, true},
		"another order":   {func(o map[string]any) { o["id"] = "2" }, false},
		"unknown state":   {func(o map[string]any) { o["state"] = "teleported" }, false},
		"no state":        {func(o map[string]any) { delete(o, "state") }, false},
		"negative total":  {func(o map[string]any) { o["total"] = -1 }, false},
		"total in yuan":   {func(o map[string]any) { o["total"] = 1.5 }, false},
		"no lines":        {func(o map[string]any) { o["lines"] = []any{} }, false},
		"paid before":     {func(o map[string]any) { o["paid"] = "2026-10-01T10:00:00+08:00" }, false},
		"not a date":      {func(o map[string]any) { o["paid"] = "yesterday" }, false},
		"long name": {func(o map[string]any) {
			o["lines"] = []any{map[string]any{"product": "p", "name": strings.Repeat("x", 5000), "price": 1, "count": 1}}
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := order()
			tc.change(o)
			_, err := answering(t, http.StatusOK, "application/json", o).Order(t.Context(), "1")
			if tc.good != (err == nil) || err != nil && !errors.Is(err, shop.ErrUnavailable) {
				t.Error(err)
			}
		})
	}
}

// answering is a client of a system that always says the same.
func answering(t *testing.T, status int, kind string, body any) *Client {
	t.Helper()
	raw, isRaw := body.([]byte)
	if !isRaw {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	}))
	t.Cleanup(s.Close)
	c, err := New(Config{URL: s.URL, Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRefusals(t *testing.T) {
	const problemJSON = "application/problem+json"
	for name, tc := range map[string]struct {
		status int
		kind   string
		body   any
		want   error
	}{
		"not found":            {404, problemJSON, problem{Code: "not-found"}, shop.ErrNotFound},
		"state":                {409, problemJSON, problem{Code: "state"}, shop.ErrState},
		"a 404 of a web page":  {404, "text/html", []byte("<h1>Not Found</h1>"), shop.ErrUnavailable},
		"an unknown code":      {404, problemJSON, problem{Code: "gone"}, shop.ErrUnavailable},
		"wrong key":            {401, problemJSON, problem{Code: "key"}, shop.ErrUnavailable},
		"a redirect":           {302, "text/html", []byte(""), shop.ErrUnavailable},
		"a server error":       {500, "text/plain", []byte("panic"), shop.ErrUnavailable},
		"a page instead":       {200, "text/html", []byte("<html>log in</html>"), shop.ErrUnavailable},
		"half an answer":       {200, "application/json", []byte(`{"id":"1","state":`), shop.ErrUnavailable},
		"more than can be":     {200, "application/json", bytes.Repeat([]byte(" "), maxAnswer+1), shop.ErrUnavailable},
		"a list for an object": {200, "application/json", []byte(`[]`), shop.ErrUnavailable},
		"nothing":              {200, "application/json", []byte(`null`), shop.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := answering(t, tc.status, tc.kind, tc.body).Order(t.Context(), "1380000secret")
			if !errors.Is(err, tc.want) {
				t.Errorf("%v, want %v", err, tc.want)
			}
			if strings.Contains(err.Error(), "1380000secret") || strings.Contains(err.Error(), "\n") {
				t.Errorf("the message names what was asked for: %v", err)
			}
		})
	}
}

func TestAHangingSystemIsGivenUpAndThenLeftAlone(t *testing.T) {
	var asked atomic.Int32
	hang := make(chan struct{})
	var hanging atomic.Bool
	hanging.Store(true)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		if hanging.Load() {
			<-hang
			return
		}
		_ = json.NewEncoder(w).Encode(order())
	}))
	t.Cleanup(s.Close)
	t.Cleanup(func() { close(hang) })
	c, err := New(Config{URL: s.URL, Timeout: 20 * time.Millisecond, Retries: -1, Failures: 3, Rest: 300 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	for range 6 {
		if _, err := c.Order(t.Context(), "1"); !errors.Is(err, shop.ErrUnavailable) {
			t.Fatal(err)
		}
	}
	if n := asked.Load(); n != 3 {
		t.Errorf("asked %d times, want 3: the breaker must stand open", n)
	}
	hanging.Store(false)
	healed := func() bool { _, err := c.Order(t.Context(), "1"); return err == nil }
	for deadline := time.Now().Add(10 * time.Second); !healed(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the system is well again and is not asked")
		}
	}
}

// A verdict of the shop is an answer: it must not open the breaker. Nor does a
// caller who hangs up.
func TestVerdictsAndGoneCallersDoNotOpenTheBreaker(t *testing.T) {
	c := served(t, nil)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 20 {
		if _, err := c.Order(t.Context(), fmt.Sprint("nothing", i)); !errors.Is(err, shop.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := c.Order(gone, "2667352095"); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if _, err := c.Order(t.Context(), "2667352095"); err != nil {
		t.Error(err)
	}
}

func TestIDsStayInTheirSegment(t *testing.T) {
	c := served(t, nil)
	for _, id := range []string{"", ".", "..", "../policy", "a/b", "a?b=c", "a#b", "%2e%2e"} {
		if _, err := c.Order(t.Context(), id); !errors.Is(err, shop.ErrNotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestWrongKeyIsRefused(t *testing.T) {
	c := served(t, nil)
	c.set.Key = "wrong"
	if _, err := c.Policy(t.Context()); !errors.Is(err, shop.ErrUnavailable) || !strings.Contains(err.Error(), "401") {
		t.Error(err)
	}
}

func TestNewRefusesWhatIsNoAddress(t *testing.T) {
	for _, u := range []string{"", "erp.example.net", "ftp://erp.example.net", "https://", "https://user:pass@erp.example.net", "https://erp.example.net?key=1"} {
		if _, err := New(Config{URL: u}); !errors.Is(err, ErrConfig) || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%q: %v", u, err)
		}
	}
}
