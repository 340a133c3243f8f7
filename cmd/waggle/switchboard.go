package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"waggle/api"
	"waggle/dialog"
	"waggle/voice"
)

// switchboard is the brain of calls: the conversations, and what only a line
// needs. A phone caller who shall send a photo is texted a one-time link into
// the running conversation. A page's conversation outlives its call.
type switchboard struct {
	*dialog.Conversations
	links  *api.PhotoLinks
	outbox *outbox

	mu      sync.Mutex
	callers map[string]string // conversation -> number, of those begun by a call
}

var (
	_ voice.Brain    = (*switchboard)(nil)
	_ voice.Streamer = (*switchboard)(nil)
)

// Start notes who calls.
func (b *switchboard) Start(ctx context.Context, o dialog.Opening) (string, dialog.Reply, error) {
	id, greeting, err := b.Conversations.Start(ctx, o)
	if err == nil {
		b.mu.Lock()
		b.callers[id] = o.From
		b.mu.Unlock()
	}
	return id, greeting, err
}

// Next is Stream without an ear for single sentences.
func (b *switchboard) Next(ctx context.Context, id string, t dialog.Turn) (dialog.Reply, error) {
	return b.Stream(ctx, id, t, nil)
}

// Stream sends the link before the robot says that it was sent.
func (b *switchboard) Stream(ctx context.Context, id string, t dialog.Turn, emit func(dialog.Sentence)) (dialog.Reply, error) {
	r, err := b.Conversations.Stream(ctx, id, t, emit)
	if err != nil || r.Ask != dialog.AskPhoto {
		return r, err
	}
	if from, ok := b.caller(id); ok {
		err = b.outbox.send(from, "请点这个链接上传照片，15分钟内有效："+b.outbox.base+b.links.New(ctx, id))
	}
	return r, err
}

// End closes what a call has begun. A conversation that it only joined goes
// on when the line went; what the dialog itself has ended stays ended.
func (b *switchboard) End(ctx context.Context, id, why string) error {
	if _, ours := b.caller(id); !ours {
		switch voice.Cause(why) {
		case voice.CauseHangUp, voice.CauseNoMedia, voice.CauseFailed:
			return nil
		}
	}
	b.mu.Lock()
	delete(b.callers, id)
	b.mu.Unlock()
	return b.Conversations.End(ctx, id, why)
}

func (b *switchboard) caller(id string) (number string, begun bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	number, begun = b.callers[id]
	return number, begun
}

// outbox stands where a provider of text messages will be connected: messages
// are appended to outbox.jsonl in the data directory, for a script to send.
// No provider ships with Waggle.
type outbox struct {
	path string
	base string // how phones reach our pages
	mu   sync.Mutex
}

func (g *gateway) outbox() *outbox {
	base := g.cfg.HTTP.PublicURL
	if base == "" {
		base = "http://" + g.cfg.HTTP.Listen
	}
	return &outbox{path: g.dir.file("outbox.jsonl"), base: strings.TrimSuffix(base, "/")}
}

// send appends one message.
func (o *outbox) send(to, text string) error {
	line, err := json.Marshal(map[string]string{"at": time.Now().UTC().Format(time.RFC3339), "to": to, "text": text})
	if err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	f, err := os.OpenFile(o.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	defer f.Close()
	if _, err := f.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}
