package shophttp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"waggle/shop"
)

// maxRequest bounds the body of a write.
const maxRequest = 64 << 10

// Handler serves the contract over any shop.Shop and its pictures (nil for
// none): for tests, and for merchants whose system is written in Go. key is
// the bearer token that is asked for; empty asks for none.
func Handler(s shop.Shop, images fs.FS, key string) http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range routes(s, images) {
		mux.HandleFunc(pattern, serve)
	}
	return guard{mux: mux, key: sha256.Sum256([]byte(key)), open: key == ""}
}

type guard struct {
	mux  *http.ServeMux
	key  [sha256.Size]byte
	open bool
}

func (g guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := sha256.Sum256([]byte(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")))
	if !g.open && subtle.ConstantTimeCompare(given[:], g.key[:]) != 1 {
		refuse(w, http.StatusUnauthorized, "key", "send the key as Authorization: Bearer KEY")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	g.mux.ServeHTTP(w, r)
}

// routes is the contract; openapi.yaml lists the same.
func routes(s shop.Shop, images fs.FS) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /customers/{id}": one(s.Customer),
		"GET /customer-by-phone": func(w http.ResponseWriter, r *http.Request) {
			answer(w)(s.CustomerByPhone(r.Context(), r.URL.Query().Get("phone")))
		},
		"GET /customers/{id}/orders":  many(s.OrdersOf),
		"GET /customers/{id}/tickets": many(s.TicketsOf),
		"GET /orders/{id}":            one(s.Order),
		"GET /orders/{id}/refunds":    many(s.RefundsOf),
		"POST /orders/{id}/cancel": change(func(ctx context.Context, k shop.Key, id string, b reasonBody) (shop.Order, error) {
			return s.Cancel(ctx, k, id, b.Reason)
		}),
		"POST /orders/{id}/address": change(s.ChangeAddress),
		"POST /orders/{id}/hurry": change(func(ctx context.Context, k shop.Key, id string, _ struct{}) (shop.Order, error) {
			return s.Hurry(ctx, k, id)
		}),
		"POST /orders/{id}/modify": change(s.Modify),
		"POST /orders/{id}/instruct": change(func(ctx context.Context, k shop.Key, id string, b noteBody) (shop.Order, error) {
			return s.Instruct(ctx, k, id, b.Note)
		}),
		"POST /refunds/{id}/withdraw": change(func(ctx context.Context, k shop.Key, id string, _ struct{}) (shop.Refund, error) {
			return s.WithdrawRefund(ctx, k, id)
		}),
		"GET /orders/{id}/retention": one(s.RetentionOffer),
		"POST /orders/{id}/retention": change(func(ctx context.Context, k shop.Key, id string, b shop.RetentionOffer) (shop.Retention, error) {
			if b.Order != id {
				return shop.Retention{}, fmt.Errorf("the offer is for another order: %w", shop.ErrInvalid)
			}
			return s.Retain(ctx, k, b)
		}),
		"GET /promotions":             all(s.Promotions),
		"GET /subsidies":              all(s.Subsidies),
		"GET /coupons":                all(func(ctx context.Context) ([]shop.Coupon, error) { return s.Coupons(ctx, "") }),
		"GET /customers/{id}/coupons": many(s.Coupons),
		"POST /customers/{id}/coupons": change(func(ctx context.Context, k shop.Key, id string, b couponBody) (shop.Coupon, error) {
			return s.ClaimCoupon(ctx, k, id, b.Coupon)
		}),
		"POST /restock-notices":               create(s.NotifyRestock),
		"GET /customers/{id}/restock-notices": many(s.NoticesOf),
		"GET /parcels/{id}":                   one(s.Parcel),
		"GET /products/{id}":                  one(s.Product),
		"GET /products": func(w http.ResponseWriter, r *http.Request) {
			limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
			if err != nil || limit < 0 || limit > 1000 {
				refuse(w, http.StatusBadRequest, "invalid", "limit must be a number from 0 to 1000")
				return
			}
			items, err := s.Search(r.Context(), r.URL.Query().Get("q"), limit)
			answer(w)(list[shop.Product]{items}, err)
		},
		"POST /refunds":         create(s.OpenRefund),
		"POST /invoices":        create(s.Invoice),
		"POST /tickets":         create(s.OpenTicket),
		"GET /images/{path...}": servePictures(images),
		"GET /policy":           func(w http.ResponseWriter, r *http.Request) { answer(w)(s.Policy(r.Context())) },
		"GET /articles":         all(s.Articles),
	}
}

func one[T any](find func(context.Context, string) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answer(w)(find(r.Context(), r.PathValue("id"))) }
}

func many[T any](find func(context.Context, string) ([]T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		items, err := find(r.Context(), r.PathValue("id"))
		answer(w)(list[T]{items}, err)
	}
}

func all[T any](find func(context.Context) ([]T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		items, err := find(r.Context())
		answer(w)(list[T]{items}, err)
	}
}

func change[B, T any](do func(context.Context, shop.Key, string, B) (T, error)) http.HandlerFunc {
	return create(func(ctx context.Context, k shop.Key, b B) (T, error) { return do(ctx, k, idOf(ctx), b) })
}

// create decodes the body of a write.
func create[B, T any](do func(context.Context, shop.Key, B) (T, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body B
		d := json.NewDecoder(r.Body)
		d.DisallowUnknownFields()
		if err := d.Decode(&body); err != nil {
			refuse(w, http.StatusBadRequest, "invalid", "the body is not what the contract says")
			return
		}
		ctx := context.WithValue(r.Context(), pathID{}, r.PathValue("id"))
		answer(w)(do(ctx, shop.Key(r.Header.Get("Idempotency-Key")), body))
	}
}

type pathID struct{}

func idOf(ctx context.Context) string {
	id, _ := ctx.Value(pathID{}).(string)
	return id
}

// answer writes a record or the verdict about it.
func answer(w http.ResponseWriter) func(any, error) {
	return func(v any, err error) {
		if err == nil {
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(v) // the client has gone if this fails
			return
		}
		for code, verdict := range codes {
			if errors.Is(err, verdict) {
				refuse(w, statuses[code], code, verdict.Error())
				return
			}
		}
		refuse(w, http.StatusInternalServerError, "failed", "the shop failed; try again")
	}
}

var statuses = map[string]int{
	"not-found": http.StatusNotFound, "state": http.StatusConflict, "limit": http.StatusForbidden,
	"stock": http.StatusConflict, "invalid": http.StatusBadRequest, "key-reused": http.StatusUnprocessableEntity,
}

func refuse(w http.ResponseWriter, status int, code, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(problem{Title: http.StatusText(status), Status: status, Code: code, Detail: detail})
}
