// Package shophttp is a merchant's own system as a shop.Shop, over the JSON
// contract of openapi.yaml beside this file. Reads and writes are retried
// (writes carry an Idempotency-Key), a system that does not answer is left
// alone for a while by a circuit breaker, and answers that cannot be true are
// refused rather than spoken. It imports shop only.
package shophttp

import (
	_ "embed"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/sony/gobreaker/v2"
)

//go:embed openapi.yaml
var contract []byte

// Contract is the OpenAPI description of what a merchant's system must serve.
func Contract() []byte { return contract }

// ErrConfig says that a Config cannot be used.
var ErrConfig = errors.New("shop over HTTP")

// Config of a Client.
type Config struct {
	// URL is the base of the contract's paths, https, or http on loopback and
	// private networks by the merchant's own decision.
	URL string
	// Key is sent as a bearer token; empty sends none.
	Key string
	// Timeout bounds one request; 0 means 3 s. A caller waits for the answer.
	Timeout time.Duration
	// Retries of a request that failed for a passing reason; 0 means 2,
	// negative none.
	Retries int
	// Rest is how long a system is left alone after it failed Failures times in
	// a row; 0 means 10 s and 5 times.
	Rest     time.Duration
	Failures uint32
}

func (c Config) orDefault() Config {
	if c.Timeout <= 0 {
		c.Timeout = 3 * time.Second
	}
	if c.Retries == 0 {
		c.Retries = 2
	}
	if c.Rest <= 0 {
		c.Rest = 10 * time.Second
	}
	if c.Failures == 0 {
		c.Failures = 5
	}
	return c
}

// Client implements shop.Shop. It is safe for concurrent use.
type Client struct {
	base    *url.URL
	set     Config
	http    *http.Client
	breaker *gobreaker.CircuitBreaker[[]byte]
}

// maxConns is how many requests are under way at once: enough for every call
// of a busy machine, too few to drown the merchant's system.
const maxConns = 64

// New makes a client; the first request is made when it is needed. An error
// wraps ErrConfig.
func New(c Config) (*Client, error) {
	base, err := url.Parse(c.URL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %q is not an address: %w", ErrConfig, c.URL, err)
	case base.Scheme != "https" && base.Scheme != "http" || base.Host == "":
		return nil, fmt.Errorf("%w: %q must begin with https:// or http:// and name a host", ErrConfig, c.URL)
	case base.User != nil || base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("%w: %q must hold neither password nor query; the key has a setting of its own", ErrConfig, base.Redacted())
	}
	base.Path = strings.TrimSuffix(base.Path, "/")
	set := c.orDefault()
	transport := &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxConnsPerHost: maxConns, MaxIdleConnsPerHost: maxConns / 4,
		IdleConnTimeout: time.Minute, ResponseHeaderTimeout: set.Timeout, MaxResponseHeaderBytes: 64 << 10,
	}
	return &Client{base: base, set: set,
		http: &http.Client{Transport: transport, Timeout: set.Timeout, CheckRedirect: stay},
		breaker: gobreaker.NewCircuitBreaker[[]byte](gobreaker.Settings{
			Name: "shop", Timeout: set.Rest,
			ReadyToTrip:  func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= set.Failures },
			IsSuccessful: func(err error) bool { return !errors.Is(err, errPassing) },
		})}, nil
}

// stay refuses redirects: the key must not travel to another host.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
