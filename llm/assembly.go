package llm

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"waggle/dialog/agent"
)

// assembly puts an answer together from its pieces.
type assembly struct {
	emit   func(string) error
	text   strings.Builder
	calls  []agent.Call
	tokens int
	done   bool
	hidden thought
}

func (a *assembly) answer() agent.Answer {
	return agent.Answer{Text: a.text.String(), Calls: a.calls, Tokens: a.tokens}
}

// stream reads server-sent events (HTML standard, section 9.2): of their fields
// the protocol uses data only.
func (a *assembly) stream(body io.Reader) error {
	lines := bufio.NewScanner(body)
	lines.Buffer(make([]byte, 0, 4<<10), maxLine)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data:"))
		if !ok {
			continue
		}
		data = bytes.TrimSpace(data)
		if string(data) == "[DONE]" {
			return a.finish()
		}
		if err := a.chunk(data); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return ErrTooLarge
	case err != nil:
		return fmt.Errorf("%w: %w", ErrCut, err)
	case !a.done:
		return ErrCut
	}
	return a.finish()
}

// whole reads an answer that was not streamed.
func (a *assembly) whole(body io.Reader) error {
	raw, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCut, err)
	}
	if err := a.chunk(raw); err != nil {
		return err
	}
	if !a.done {
		return ErrProtocol
	}
	return a.finish()
}

func (a *assembly) chunk(raw []byte) error {
	var c chatChunk
	if err := json.Unmarshal(raw, &c); err != nil {
		return fmt.Errorf("%w: no JSON", ErrProtocol)
	}
	if len(c.Error) > 0 && string(c.Error) != "null" {
		return fmt.Errorf("%w: in its answer", ErrStatus)
	}
	if c.Usage != nil && c.Usage.Total > 0 {
		a.tokens = c.Usage.Total
	}
	if len(c.Choices) == 0 {
		return nil
	}
	choice := c.Choices[0]
	a.done = a.done || choice.Finish != ""
	for _, d := range []*chatDelta{choice.Delta, choice.Message} {
		if d == nil {
			continue
		}
		if err := a.delta(*d); err != nil {
			return err
		}
	}
	return nil
}

func (a *assembly) delta(d chatDelta) error {
	for _, call := range d.ToolCalls {
		if err := a.call(call); err != nil {
			return err
		}
	}
	if d.Content == nil {
		return nil
	}
	said := a.hidden.drop(trimmed(*d.Content))
	if said == "" {
		return nil
	}
	if a.text.Len()+len(said) > maxText {
		return ErrTooLarge
	}
	a.text.WriteString(said)
	return a.emit(said)
}

// call adds a piece of a tool call. Arguments come in pieces, which belong to
// the call of their index.
func (a *assembly) call(c chatCall) error {
	if c.Index < 0 || c.Index >= maxCalls || c.Index > len(a.calls) {
		return fmt.Errorf("%w: tool call %d", ErrProtocol, c.Index)
	}
	if c.Index == len(a.calls) {
		a.calls = append(a.calls, agent.Call{})
	}
	into := &a.calls[c.Index]
	if c.ID != "" {
		into.ID = trimmed(c.ID)
	}
	into.Name += trimmed(c.Function.Name)
	into.Arguments = append(into.Arguments, c.Function.Arguments...)
	if len(into.Arguments)+len(into.Name)+len(into.ID) > maxArguments {
		return ErrTooLarge
	}
	return nil
}

// finish checks what is complete now.
func (a *assembly) finish() error {
	for _, c := range a.calls {
		if c.Name == "" {
			return fmt.Errorf("%w: a tool call without a name", ErrProtocol)
		}
	}
	if a.text.Len() == 0 && len(a.calls) == 0 {
		return fmt.Errorf("%w: it is empty", ErrProtocol)
	}
	return nil
}

// thought drops what a model thinks aloud between <think> and </think>; the
// tags may be cut anywhere in a stream.
type thought struct {
	inside bool
	kept   string // what may be the beginning of a tag
}

const thinkBegin, thinkEnd = "<think>", "</think>"

func (t *thought) drop(piece string) string {
	var out strings.Builder
	rest := t.kept + piece
	t.kept = ""
	for rest != "" {
		tag := thinkBegin
		if t.inside {
			tag = thinkEnd
		}
		before, after, found := strings.Cut(rest, tag)
		if !found {
			n := partOf(rest, tag)
			before, t.kept = rest[:len(rest)-n], rest[len(rest)-n:]
		}
		if !t.inside {
			out.WriteString(before)
		}
		if !found {
			break
		}
		t.inside, rest = !t.inside, after
	}
	return out.String()
}

// partOf is how many bytes at the end of s begin the tag.
func partOf(s, tag string) int {
	for n := min(len(tag)-1, len(s)); n > 0; n-- {
		if strings.HasSuffix(s, tag[:n]) {
			return n
		}
	}
	return 0
}
