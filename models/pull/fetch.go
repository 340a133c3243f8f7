package pull

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ErrNetwork says that the file could not be fetched; what came so far is kept
// and the next try goes on from there.
var ErrNetwork = errors.New("pull: the file could not be fetched")

// maxFetched bounds a part whose size the catalogue does not know.
const maxFetched = 2 << 30

// patience is how long a server may send nothing.
const patience = 60 * time.Second

// fetcher gets files over HTTPS, or over HTTP from this host.
type fetcher struct {
	client *http.Client
	tell   func(done, total int64)
}

func newFetcher(tell func(done, total int64)) *fetcher {
	return &fetcher{tell: tell, client: &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, ResponseHeaderTimeout: patience, TLSHandshakeTimeout: patience},
		CheckRedirect: checkRedirect,
	}}
}

func checkRedirect(r *http.Request, via []*http.Request) error {
	if len(via) > 10 {
		return errors.New("more than ten redirects")
	}
	return checkScheme(r.URL)
}

func checkScheme(u *url.URL) error {
	if u.Scheme == "https" {
		return nil
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("%s is not an https address", u.Redacted())
}

// fetch brings the part into file, going on where an earlier try ended, and
// returns its size. The partial file lies beside it and is bound to the
// server's ETag, so that two versions are never mixed.
func (f *fetcher) fetch(ctx context.Context, p Part, file string) error {
	part, tag := file+".part", file+".etag"
	have := size(part)
	etag, _ := os.ReadFile(tag)
	if have > 0 && len(etag) == 0 {
		have = 0
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	resp, err := f.ask(ctx, p, have, string(etag))
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusOK {
		have = 0 // the server starts from the beginning
	}
	if err := os.WriteFile(tag, []byte(resp.Header.Get("ETag")), 0o644); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	total := p.Bytes
	if total == 0 && resp.ContentLength > 0 {
		total = have + resp.ContentLength
	}
	if err := f.save(ctx, cancel, resp.Body, part, have, total, limit(p)); err != nil {
		return err
	}
	if p.Bytes != 0 && size(part) != p.Bytes {
		return fmt.Errorf("%w: %s ended after %d of %d bytes; run the command again to go on", ErrNetwork, p.File(), size(part), p.Bytes)
	}
	_ = os.Remove(tag)
	return os.Rename(part, file)
}

func limit(p Part) int64 {
	if p.Bytes > 0 {
		return p.Bytes
	}
	return maxFetched
}

// ask sends the request and accepts 200, or 206 that goes on where we are.
func (f *fetcher) ask(ctx context.Context, p Part, have int64, etag string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNetwork, err)
	}
	if err := checkScheme(req.URL); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNetwork, err)
	}
	if have > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(have, 10)+"-")
		req.Header.Set("If-Range", etag)
	}
	resp, err := f.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNetwork, plain(err))
	}
	switch from := resp.Header.Get("Content-Range"); {
	case resp.StatusCode == http.StatusOK:
		return resp, nil
	case resp.StatusCode == http.StatusPartialContent && have > 0 && strings.HasPrefix(from, fmt.Sprintf("bytes %d-", have)):
		return resp, nil
	}
	_ = resp.Body.Close()
	return nil, fmt.Errorf("%w: %s answers %s", ErrNetwork, req.URL.Host, resp.Status)
}

// save appends the body to the partial file. A server that stalls is given up.
func (f *fetcher) save(ctx context.Context, cancel func(), body io.Reader, part string, have, total, most int64) error {
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if have == 0 {
		flags |= os.O_TRUNC
	}
	if err := os.MkdirAll(filepath.Dir(part), 0o755); err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	out, err := os.OpenFile(part, flags, 0o644)
	if err != nil {
		return fmt.Errorf("pull: %w", err)
	}
	stalled := time.AfterFunc(patience, cancel)
	defer stalled.Stop()
	counted := &counter{from: io.LimitReader(body, most-have+1), tell: func(n int64) {
		stalled.Reset(patience)
		f.tell(have+n, total)
	}}
	n, err := io.Copy(out, counted)
	if closing := out.Close(); err == nil {
		err = closing
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w: it was interrupted; run the command again to go on", ErrNetwork)
	case err != nil:
		return fmt.Errorf("%w: %w; run the command again to go on", ErrNetwork, plain(err))
	case have+n > most:
		_ = os.Remove(part)
		return fmt.Errorf("%w: the server sends more than the %d bytes that are expected", ErrChanged, most)
	}
	return nil
}

// plain takes the address out of a transport error: one line, what went wrong.
func plain(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		host := u.URL
		if at, err := url.Parse(u.URL); err == nil {
			host = at.Host
		}
		return fmt.Errorf("%s is not reached: %w", host, u.Err)
	}
	return err
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
