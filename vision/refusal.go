package vision

import (
	"errors"
	"fmt"
)

// Verdicts on a file that was sent as a photo. Decode wraps one of them in a
// Refusal; decide with errors.Is.
var (
	ErrTooBig      = errors.New("the file is too big")
	ErrTooManyPix  = errors.New("the picture has too many pixels")
	ErrUnsupported = errors.New("not a JPEG, PNG or WebP photo")
	ErrAnimated    = errors.New("the picture is animated")
	ErrIncomplete  = errors.New("the file is incomplete")
	ErrUnreadable  = errors.New("the file is damaged")
	ErrOverloaded  = errors.New("the picture hides too much data")
	ErrTooSlow     = errors.New("the picture takes too long to decode")
	ErrBusy        = errors.New("too many photos at once")
	ErrTooMany     = errors.New("too many photos in one upload")
)

// Refusal tells why a photo was not taken: for code by Is and Status, for
// people by Chinese and English.
type Refusal struct {
	Verdict error
	Detail  string // for the log
}

func (r *Refusal) Error() string {
	if r.Detail == "" {
		return "vision: " + r.Verdict.Error()
	}
	return fmt.Sprintf("vision: %v: %s", r.Verdict, r.Detail)
}

func (r *Refusal) Unwrap() error { return r.Verdict }

// words is what each verdict means to a web server (a status of RFC 9110;
// net/http would drag the web into every package that reads findings) and to
// a buyer.
type words struct {
	status           int
	chinese, english string
}

func (r *Refusal) words() words {
	switch r.Verdict {
	case ErrTooBig: //nolint:errorlint // a verdict is one of these, never wrapped
		return words{413, "图片太大了，请发送不超过10MB的照片。", "The photo is too large, please send one below 10 MB."}
	case ErrTooManyPix:
		return words{413, "图片尺寸太大了，请用普通模式重新拍一张。", "The photo has too many pixels, please take it again in normal mode."}
	case ErrUnsupported:
		return words{415, "这个文件打不开，请发送JPEG、PNG或WebP格式的照片。", "This file cannot be opened, please send a JPEG, PNG or WebP photo."}
	case ErrAnimated:
		return words{415, "暂时看不了动图，请发送一张普通照片。", "Animated pictures cannot be looked at, please send a still photo."}
	case ErrIncomplete:
		return words{422, "图片没有传完整，请再发一次。", "The photo did not arrive completely, please send it again."}
	case ErrTooMany:
		return words{413, "一次发的照片太多了，请分几次发。", "These are too many photos at once, please send them in several goes."}
	case ErrBusy:
		return words{503, "现在传图的人比较多，请稍等几秒再发一次。", "Many photos are arriving just now, please send it again in a few seconds."}
	default:
		return words{422, "这张图片无法读取，请重新拍一张发过来。", "This photo cannot be read, please take a new one."}
	}
}

// Status is the HTTP status that fits: 413, 415, 422, or 503 when busy.
func (r *Refusal) Status() int { return r.words().status }

// Chinese says to a buyer what to do.
func (r *Refusal) Chinese() string { return r.words().chinese }

// English says to a buyer what to do.
func (r *Refusal) English() string { return r.words().english }

func refuse(verdict error, format string, args ...any) error {
	return &Refusal{Verdict: verdict, Detail: fmt.Sprintf(format, args...)}
}
