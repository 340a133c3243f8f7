// Package llm speaks the chat completions protocol of OpenAI, which many
// servers of language models share, to the one endpoint that the configuration
// names. It believes nothing of what comes back: it follows no redirect, reads
// no more than its limits, and gives up on the first thing that is not the
// protocol. It may import dialog/agent, whose Model it is.
package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"waggle/dialog/agent"
)

// One sentinel per verdict; all are agent.ErrModel too.
var (
	// ErrProtocol says that the answer is not what the protocol promises.
	ErrProtocol = fmt.Errorf("%w: the answer is not a chat completion", agent.ErrModel)
	// ErrStatus says that the endpoint refused; the message has its status.
	ErrStatus = fmt.Errorf("%w: the endpoint refused", agent.ErrModel)
	// ErrTooLarge says that the answer is larger than any that could be of use.
	ErrTooLarge = fmt.Errorf("%w: the answer is too large", agent.ErrModel)
	// ErrCut says that the answer broke off.
	ErrCut = fmt.Errorf("%w: the answer broke off", agent.ErrModel)
	// ErrAddress says that the configured address cannot be used.
	ErrAddress = errors.New("llm: the address must be http or https, such as https://example.com/v1")
)

// Limits of what is read, in bytes.
const (
	maxAnswer    = 1 << 20
	maxLine      = 256 << 10
	maxText      = 16 << 10
	maxCalls     = 8
	maxArguments = 16 << 10
)

// Options of a Client. URL and Model are needed.
type Options struct {
	// URL is the base, to which /chat/completions is added.
	URL, Model string
	// Key is sent as a bearer token; empty sends none.
	Key string
	// FirstByte is how long the endpoint may think before it begins; 0 means 10 s.
	FirstByte time.Duration
}

// Client asks the endpoint. It is safe for concurrent use.
type Client struct {
	address, model, key string
	http                *http.Client
}

var _ agent.Model = (*Client)(nil)

// New checks the options; ErrAddress.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, ErrAddress
	}
	if o.FirstByte == 0 {
		o.FirstByte = 10 * time.Second
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.ResponseHeaderTimeout = o.FirstByte
	transport.MaxResponseHeaderBytes = 64 << 10
	return &Client{
		address: u.JoinPath("chat", "completions").String(), model: o.Model, key: o.Key,
		http: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a redirect is an answer, and not the one that is wanted
		}},
	}, nil
}

// Close lets idle connections go.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Complete implements agent.Model.
func (c *Client) Complete(ctx context.Context, r agent.Request, emit func(string) error) (agent.Answer, error) {
	body, err := json.Marshal(c.request(r))
	if err != nil {
		return agent.Answer{}, fmt.Errorf("llm: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return agent.Answer{}, fmt.Errorf("llm: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	if c.key != "" {
		req.Header.Set("Authorization", "Bearer "+c.key)
	}
	answer, err := c.do(req, emit)
	if answer.Tokens == 0 { // not counted by the endpoint: about four bytes a token
		answer.Tokens = (len(body) + len(answer.Text)) / 4
	}
	return answer, err
}

func (c *Client) do(req *http.Request, emit func(string) error) (agent.Answer, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return agent.Answer{}, fault(req.Context(), err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return agent.Answer{}, fmt.Errorf("%w: status %d", ErrStatus, resp.StatusCode)
	}
	body := &io.LimitedReader{R: resp.Body, N: maxAnswer}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	var a assembly
	a.emit = emit
	switch kind {
	case "text/event-stream":
		err = a.stream(body)
	case "application/json":
		err = a.whole(body)
	default:
		return agent.Answer{}, fmt.Errorf("%w: it is %q", ErrProtocol, kind)
	}
	if err != nil && body.N <= 0 {
		err = ErrTooLarge
	}
	return a.answer(), fault(req.Context(), err)
}

// fault makes transport errors ErrModel, and leaves out the address: a log is
// no place for what an operator has put into it.
func fault(ctx context.Context, err error) error {
	var transport *url.Error
	switch {
	case err == nil, errors.Is(err, agent.ErrModel):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", agent.ErrModel, ctx.Err())
	case errors.As(err, &transport):
		return fmt.Errorf("%w: %w", agent.ErrModel, transport.Err)
	}
	return err
}

// trimmed is a text as it may stand in a message of ours.
func trimmed(s string) string { return strings.ToValidUTF8(s, "") }
