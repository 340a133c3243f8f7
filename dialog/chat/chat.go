// Package chat holds a conversation on a terminal: lines in, replies out. It
// may import dialog and vision's plain types.
package chat

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"waggle/dialog"
	"waggle/vision"
)

// Inspector looks at a photo file.
type Inspector interface {
	InspectFile(ctx context.Context, path string) ([]vision.Finding, error)
}

// Terminal is one conversation by typed lines.
type Terminal struct {
	Conversations *dialog.Conversations
	In            io.Reader
	Out           io.Writer
	// JSON prints one object per reply instead of text.
	JSON bool
	// Inspector looks at photos; without one, photos are refused.
	Inspector Inspector
}

// reply is what is printed with JSON.
type reply struct {
	Conversation string `json:"conversation"`
	dialog.Reply
	Text    string  `json:"text"`
	Latency float64 `json:"latency_ms"`
	Error   string  `json:"error,omitempty"`
}

// photoCommand begins a line that sends a photo.
const photoCommand = "!photo"

// longestLine is the most that one line may hold, in bytes.
const longestLine = 16 << 10

// Run talks until the input or the conversation ends.
func (t *Terminal) Run(ctx context.Context, o dialog.Opening) error {
	id, greeting, err := t.Conversations.Start(ctx, o)
	if err != nil {
		return err
	}
	if err := t.print(reply{Conversation: id, Reply: greeting, Text: greeting.Text()}); err != nil {
		return err
	}
	lines := bufio.NewScanner(t.In)
	lines.Buffer(make([]byte, 0, longestLine), longestLine)
	for lines.Scan() {
		over, err := t.line(ctx, id, strings.TrimSpace(lines.Text()))
		if over || err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return fmt.Errorf("a line may have %d bytes at most", longestLine)
	}
	return errors.Join(lines.Err(), t.Conversations.End(ctx, id, "hang-up"))
}

// line answers one line.
func (t *Terminal) line(ctx context.Context, id, text string) (over bool, err error) {
	if text == "" {
		return false, nil
	}
	turn := dialog.Turn{Channel: dialog.ChannelText, Text: text}
	if path, ok := strings.CutPrefix(text, photoCommand); ok {
		if turn, err = t.photo(ctx, strings.TrimSpace(path)); err != nil {
			return false, t.print(reply{Conversation: id, Error: err.Error()})
		}
	}
	begin := time.Now()
	r, err := t.Conversations.Next(ctx, id, turn)
	if err != nil {
		return true, err
	}
	took := time.Since(begin)
	err = t.print(reply{Conversation: id, Reply: r, Text: r.Text(), Latency: float64(took.Microseconds()) / 1000})
	if r.End {
		return true, errors.Join(err, t.Conversations.End(ctx, id, "normal"))
	}
	return false, err
}

func (t *Terminal) photo(ctx context.Context, path string) (dialog.Turn, error) {
	if t.Inspector == nil {
		return dialog.Turn{}, errors.New("photos cannot be looked at here: the vision models are not available")
	}
	findings, err := t.Inspector.InspectFile(ctx, path)
	if err != nil {
		return dialog.Turn{}, err
	}
	return dialog.Turn{Channel: dialog.ChannelText, Photo: findings, PhotoID: path}, nil
}

func (t *Terminal) print(r reply) error {
	if t.JSON {
		return json.NewEncoder(t.Out).Encode(r)
	}
	var err error
	switch {
	case r.Error != "":
		_, err = fmt.Fprintln(t.Out, "!", r.Error)
	case r.Text != "":
		_, err = fmt.Fprintln(t.Out, r.Text)
	default:
		_, err = fmt.Fprintln(t.Out, "(…)")
	}
	return err
}
