package shophttp

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"waggle/shop"
)

// Images reads the pictures that products name. Open fails with
// fs.ErrNotExist, or with shop.ErrUnavailable when the system does not answer.
func (c *Client) Images() fs.FS { return pictures{c} }

type pictures struct{ client *Client }

// Open fetches one picture whole; it is at most as long as any answer.
func (p pictures) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) || name == "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	ctx, cancel := context.WithTimeout(context.Background(), p.client.set.Timeout*time.Duration(1+max(p.client.set.Retries, 0)))
	defer cancel()
	raw, err := p.client.tries(ctx, get(append([]string{"images"}, strings.Split(name, "/")...)...))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: notExist(err)}
	}
	return &picture{Reader: bytes.NewReader(raw), name: path.Base(name)}, nil
}

// picture is a fetched file.
type picture struct {
	*bytes.Reader
	name string
}

func (p *picture) Close() error               { return nil }
func (p *picture) Stat() (fs.FileInfo, error) { return pictureInfo{p}, nil }

type pictureInfo struct{ p *picture }

func (i pictureInfo) Name() string     { return i.p.name }
func (i pictureInfo) Size() int64      { return i.p.Size() }
func (pictureInfo) Mode() fs.FileMode  { return 0o444 }
func (pictureInfo) ModTime() time.Time { return time.Time{} }
func (pictureInfo) IsDir() bool        { return false }
func (pictureInfo) Sys() any           { return nil }

// servePictures is the other side of Images.
func servePictures(images fs.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("path")
		if images == nil || !fs.ValidPath(name) {
			refuse(w, http.StatusNotFound, "not-found", shop.ErrNotFound.Error())
			return
		}
		raw, err := fs.ReadFile(images, name)
		if err != nil {
			refuse(w, http.StatusNotFound, "not-found", fmt.Sprintf("there is no picture %q", name))
			return
		}
		w.Header().Set("Content-Type", http.DetectContentType(raw))
		_, _ = w.Write(raw) // the client has gone if this fails
	}
}
