package pii

import (
	"context"
	"fmt"
	"log/slog"
)

// Handler is a slog.Handler that masks messages, texts and errors before the
// next one writes them. Group and attribute names are code and stay.
type Handler struct{ Next slog.Handler }

var _ slog.Handler = Handler{}

// Enabled asks the next handler.
func (h Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.Next.Enabled(ctx, l) }

// Handle masks the record.
func (h Handler) Handle(ctx context.Context, r slog.Record) error {
	masked := slog.NewRecord(r.Time, r.Level, Mask(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(mask(a))
		return true
	})
	return h.Next.Handle(ctx, masked)
}

// WithAttrs masks the attributes at once.
func (h Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = mask(a)
	}
	return Handler{h.Next.WithAttrs(masked)}
}

// WithGroup opens a group in the next handler.
func (h Handler) WithGroup(name string) slog.Handler { return Handler{h.Next.WithGroup(name)} }

// mask hides what a value would print. Numbers, times and truth values print
// nothing of a person but for whole numbers that are one: those are masked too.
func mask(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindGroup:
		group := make([]any, 0, len(v.Group()))
		for _, g := range v.Group() {
			group = append(group, mask(g))
		}
		return slog.Group(a.Key, group...)
	case slog.KindString, slog.KindInt64, slog.KindUint64:
		if text := v.String(); Mask(text) != text {
			return slog.String(a.Key, Mask(text))
		}
	case slog.KindAny:
		if text := fmt.Sprintf("%+v", v.Any()); Mask(text) != text {
			return slog.String(a.Key, Mask(text))
		}
	}
	return slog.Attr{Key: a.Key, Value: v}
}
