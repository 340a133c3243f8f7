package agent

import (
	"context"
	"errors"
)

// Model completes a chat. llm.Client is one, over any endpoint that speaks the
// OpenAI chat completions protocol.
type Model interface {
	// Complete passes the text of the answer to emit piece by piece as it comes,
	// and returns the answer whole. An error of emit stops it and is returned.
	// Every other error means that the model is of no use for this turn.
	Complete(ctx context.Context, r Request, emit func(text string) error) (Answer, error)
}

// ErrModel says that the model did not answer, or not in its protocol.
var ErrModel = errors.New("agent: the model does not answer")

// Role is who speaks in a chat.
type Role string

// The roles.
const (
	System    Role = "system"
	User      Role = "user"
	Assistant Role = "assistant"
	ToolRole  Role = "tool"
)

// Message is one of a chat.
type Message struct {
	Role    Role
	Content string
	// Call is the tool call of an assistant's message; nil for none.
	Call *Call
	// CallID names, in a tool's message, the call that it answers.
	CallID string
}

// Call is a model's wish to use a tool.
type Call struct {
	ID, Name  string
	Arguments []byte // JSON, unchecked
}

// Function describes a tool to the model.
type Function struct {
	Name, Description string
	// Parameters is a JSON Schema.
	Parameters map[string]any
}

// Request asks for one completion.
type Request struct {
	Messages  []Message
	Functions []Function
	// MaxTokens bounds the answer.
	MaxTokens int
}

// Answer is a completion.
type Answer struct {
	Text string
	// Calls are in the order in which the model wants them; only the first is
	// carried out.
	Calls []Call
	// Tokens is what question and answer cost, as the endpoint counts it, or an
	// estimate when it does not.
	Tokens int
}
