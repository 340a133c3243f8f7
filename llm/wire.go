package llm

import (
	"encoding/json"

	"waggle/dialog/agent"
)

// The shapes of the protocol, as far as they are used
// (platform.openai.com/docs/api-reference/chat).
type (
	chatRequest struct {
		Model         string         `json:"model"`
		Messages      []chatMessage  `json:"messages"`
		Tools         []chatTool     `json:"tools,omitempty"`
		Parallel      *bool          `json:"parallel_tool_calls,omitempty"`
		Stream        bool           `json:"stream"`
		StreamOptions map[string]any `json:"stream_options,omitempty"`
		MaxTokens     int            `json:"max_tokens,omitempty"`
		Temperature   float64        `json:"temperature"`
	}
	chatMessage struct {
		Role      string     `json:"role"`
		Content   string     `json:"content"`
		ToolCalls []chatCall `json:"tool_calls,omitempty"`
		CallID    string     `json:"tool_call_id,omitempty"`
	}
	chatCall struct {
		Index    int          `json:"index,omitempty"`
		ID       string       `json:"id,omitempty"`
		Type     string       `json:"type,omitempty"`
		Function chatFunction `json:"function"`
	}
	chatFunction struct {
		Name      string `json:"name,omitempty"`
		Arguments string `json:"arguments"`
	}
	chatTool struct {
		Type     string       `json:"type"`
		Function functionForm `json:"function"`
	}
	functionForm struct {
		Name        string         `json:"name"`
		Description string         `json:"description"`
		Parameters  map[string]any `json:"parameters"`
	}
	// chatChunk is a piece of a stream, and with Message a whole answer.
	chatChunk struct {
		Choices []struct {
			Delta   *chatDelta `json:"delta"`
			Message *chatDelta `json:"message"`
			Finish  string     `json:"finish_reason"`
		} `json:"choices"`
		Usage *struct {
			Total int `json:"total_tokens"`
		} `json:"usage"`
		Error json.RawMessage `json:"error"`
	}
	chatDelta struct {
		Content   *string    `json:"content"`
		ToolCalls []chatCall `json:"tool_calls"`
	}
)

// steady is the temperature: answers should be dull.
const steady = 0.2

func (c *Client) request(r agent.Request) chatRequest {
	out := chatRequest{Model: c.model, Stream: true, StreamOptions: map[string]any{"include_usage": true}, MaxTokens: r.MaxTokens, Temperature: steady}
	for _, m := range r.Messages {
		message := chatMessage{Role: string(m.Role), Content: m.Content, CallID: m.CallID}
		if m.Call != nil {
			message.ToolCalls = []chatCall{{ID: m.Call.ID, Type: "function",
				Function: chatFunction{Name: m.Call.Name, Arguments: trimmed(string(m.Call.Arguments))}}}
		}
		out.Messages = append(out.Messages, message)
	}
	for _, f := range r.Functions {
		out.Tools = append(out.Tools, chatTool{Type: "function", Function: functionForm{f.Name, f.Description, f.Parameters}})
	}
	if len(out.Tools) > 0 {
		one := false
		out.Parallel = &one
	}
	return out
}
