package shophttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/sony/gobreaker/v2"

	"waggle/shop"
)

// maxAnswer bounds what is read of an answer; a thousand products fit.
const maxAnswer = 4 << 20

// errPassing marks failures that another try may heal.
var errPassing = errors.New("passing failure")

// call is one request of the contract.
type call struct {
	method string
	path   []string // escaped one by one
	query  url.Values
	key    shop.Key // of a write
	body   any
}

func get(path ...string) call { return call{method: http.MethodGet, path: path} }

func write(key shop.Key, body any, path ...string) call {
	return call{method: http.MethodPost, path: path, key: key, body: body}
}

// do carries out a call and decodes its answer, which must pass check.
func do[T any](ctx context.Context, c *Client, q call, check func(T) error) (T, error) {
	var out T
	if q.method == http.MethodPost && (q.key == "" || len(q.key) > shop.MaxKey) {
		return out, fmt.Errorf("a key must have 1 to %d bytes: %w", shop.MaxKey, shop.ErrInvalid)
	}
	for _, p := range q.path {
		if p == "" || p == "." || p == ".." {
			return out, fmt.Errorf("an id that names nothing: %w", shop.ErrNotFound)
		}
	}
	raw, err := c.tries(ctx, q)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(raw, &out); err != nil {
		return out, fmt.Errorf("%w: the answer to %s is not what the contract says: %w", shop.ErrUnavailable, q.name(), err)
	}
	if err := check(out); err != nil {
		return out, fmt.Errorf("%w: the answer to %s cannot be true: %w", shop.ErrUnavailable, q.name(), err)
	}
	return out, nil
}

// name is for messages: without ids, which may be personal.
func (q call) name() string { return q.method + " /" + q.path[0] }

// tries repeats a call while its failure is of the passing kind.
func (c *Client) tries(ctx context.Context, q call) ([]byte, error) {
	for n := 0; ; n++ {
		raw, err := c.breaker.Execute(func() ([]byte, error) { return c.once(ctx, q) })
		switch {
		case err == nil:
			return raw, nil
		case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
			return nil, fmt.Errorf("%w: it failed repeatedly and is left alone for %s", shop.ErrUnavailable, c.set.Rest)
		case !errors.Is(err, errPassing):
			return nil, err
		case n >= c.set.Retries:
			return nil, fmt.Errorf("%w: %s: %w", shop.ErrUnavailable, q.name(), err)
		}
		if err := pause(ctx, n); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", shop.ErrUnavailable, q.name(), err)
		}
	}
}

// pause waits 100 ms, 200 ms, ... give or take a half, so that many callers do
// not come back in the same moment.
func pause(ctx context.Context, n int) error {
	wait := 100 * time.Millisecond << n
	t := time.NewTimer(wait/2 + rand.N(wait))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once sends the request one time.
func (c *Client) once(ctx context.Context, q call) ([]byte, error) {
	req, err := c.request(ctx, q)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("%w: %w", shop.ErrUnavailable, ctx.Err()) // the caller has gone: not the system's fault
		}
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address, which holds ids
		}
		return nil, fmt.Errorf("%w: %w", errPassing, err)
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("%w: the answer breaks off: %w", errPassing, err)
	}
	if len(raw) > maxAnswer {
		return nil, fmt.Errorf("%w: the answer to %s is longer than %d MiB", shop.ErrUnavailable, q.name(), maxAnswer>>20)
	}
	if resp.StatusCode/100 != 2 {
		return nil, refusal(resp, raw)
	}
	return raw, nil
}

func (c *Client) request(ctx context.Context, q call) (*http.Request, error) {
	var body io.Reader
	if q.body != nil {
		raw, err := json.Marshal(q.body)
		if err != nil {
			return nil, fmt.Errorf("shop over HTTP: %w", err)
		}
		body = bytes.NewReader(raw)
	}
	u := c.base.JoinPath(escape(q.path)...)
	u.RawQuery = q.query.Encode()
	req, err := http.NewRequestWithContext(ctx, q.method, u.String(), body)
	if err != nil {
		return nil, fmt.Errorf("shop over HTTP: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.set.Key != "" {
		req.Header.Set("Authorization", "Bearer "+c.set.Key)
	}
	if q.key != "" {
		req.Header.Set("Idempotency-Key", string(q.key))
	}
	return req, nil
}

// escape keeps an id with a slash inside one segment of the path.
func escape(path []string) []string {
	out := make([]string, len(path))
	for i, p := range path {
		out[i] = url.PathEscape(p)
	}
	return out
}

// problem is RFC 9457 with the contract's code.
type problem struct {
	Title  string `json:"title,omitempty"`
	Status int    `json:"status,omitempty"`
	Detail string `json:"detail,omitempty"`
	Code   string `json:"code"`
}

// The codes of the contract.
var codes = map[string]error{
	"not-found": shop.ErrNotFound, "state": shop.ErrState, "limit": shop.ErrLimit,
	"stock": shop.ErrStock, "invalid": shop.ErrInvalid, "key-reused": shop.ErrKeyReused,
}

// refusal turns an error answer into the shop's verdict. Only a problem with a
// code of the contract is one; a 404 of a wrong address is a broken system.
func refusal(resp *http.Response, raw []byte) error {
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusInternalServerError:
		return fmt.Errorf("%w: it answers %s", errPassing, resp.Status)
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	var p problem
	if kind == "application/problem+json" && json.Unmarshal(raw, &p) == nil && codes[p.Code] != nil {
		return fmt.Errorf("the shop says: %w", codes[p.Code])
	}
	return fmt.Errorf("%w: it answers %s without a code of the contract", shop.ErrUnavailable, resp.Status)
}

// notExist says of a picture what io/fs says of a file.
func notExist(err error) error {
	if errors.Is(err, shop.ErrNotFound) {
		return fs.ErrNotExist
	}
	return err
}
