// Package llmtest is a TEST DOUBLE: a local server that speaks the chat
// completions protocol without any model behind it. It answers what a test has
// written down, well or badly: slowly, in half, with wrong JSON, with tool calls
// that nobody asked for. Nothing that ships imports it.
package llmtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Request is what the server was asked.
type Request struct {
	Raw      string
	Header   http.Header
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
}

// Last is the content of the last message.
func (r Request) Last() string {
	if len(r.Messages) == 0 {
		return ""
	}
	return r.Messages[len(r.Messages)-1].Content
}

// Behaviour answers one request.
type Behaviour func(w http.ResponseWriter, r *http.Request, asked Request)

// Server plays behaviours, one for each request; the last one goes on for ever.
type Server struct {
	*httptest.Server
	mu    sync.Mutex
	plays []Behaviour
	asked []Request
}

// Start serves until the test ends.
func Start(t *testing.T, plays ...Behaviour) *Server {
	t.Helper()
	s := &Server{plays: plays}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s
}

// Asked lists the requests so far.
func (s *Server) Asked() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request(nil), s.asked...)
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	asked := Request{Raw: string(raw), Header: r.Header.Clone()}
	_ = json.Unmarshal(raw, &asked)
	s.mu.Lock()
	s.asked = append(s.asked, asked)
	play := s.plays[0]
	if len(s.plays) > 1 {
		s.plays = s.plays[1:]
	}
	s.mu.Unlock()
	play(w, r, asked)
}

// event writes one server-sent event and sends it off.
func event(w http.ResponseWriter, data string) {
	_, _ = fmt.Fprintf(w, "data: %s\n\n", data)
	_ = http.NewResponseController(w).Flush()
}

func begin(w http.ResponseWriter) { w.Header().Set("Content-Type", "text/event-stream") }

func delta(fields string) string { return `{"choices":[{"index":0,"delta":{` + fields + `}}]}` }

func quoted(s string) string {
	raw, _ := json.Marshal(s)
	return string(raw)
}

func end(w http.ResponseWriter, reason string) {
	event(w, `{"choices":[{"index":0,"delta":{},"finish_reason":"`+reason+`"}]}`)
	event(w, `{"choices":[],"usage":{"total_tokens":100}}`)
	event(w, "[DONE]")
}

// Say streams a text in pieces of a few bytes, cut between characters.
func Say(text string) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		begin(w)
		r := []rune(text)
		for len(r) > 0 {
			n := min(3, len(r))
			event(w, delta(`"content":`+quoted(string(r[:n]))))
			r = r[n:]
		}
		end(w, "stop")
	}
}

// Call streams one tool call, its arguments in two pieces.
func Call(name, arguments string) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		begin(w)
		half := len(arguments) / 2
		event(w, delta(`"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":`+quoted(name)+`,"arguments":`+quoted(arguments[:half])+`}}]`))
		event(w, delta(`"tool_calls":[{"index":0,"function":{"arguments":`+quoted(arguments[half:])+`}}]`))
		end(w, "tool_calls")
	}
}

// CallTwo wishes for two tools at once.
func CallTwo(one, other string) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		begin(w)
		for i, name := range []string{one, other} {
			event(w, delta(fmt.Sprintf(`"tool_calls":[{"index":%d,"id":"c%d","type":"function","function":{"name":%q,"arguments":"{}"}}]`, i, i, name)))
		}
		end(w, "tool_calls")
	}
}

// Whole answers without a stream.
func Whole(text string) Behaviour {
	return Raw("application/json", `{"choices":[{"message":{"role":"assistant","content":`+quoted(text)+`},"finish_reason":"stop"}],"usage":{"total_tokens":7}}`)
}

// Raw answers with these very bytes.
func Raw(contentType, body string) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

// Status refuses.
func Status(code int) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) { http.Error(w, "the double refuses", code) }
}

// Redirect sends the client elsewhere.
func Redirect(to string) Behaviour {
	return func(w http.ResponseWriter, r *http.Request, _ Request) {
		http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	}
}

// Half streams a text and breaks off.
func Half(text string) Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		begin(w)
		event(w, delta(`"content":`+quoted(text)))
		panic(http.ErrAbortHandler)
	}
}

// Hang says nothing until the client has gone.
func Hang() Behaviour {
	return func(_ http.ResponseWriter, r *http.Request, _ Request) { <-r.Context().Done() }
}

// Endless streams the same piece until the client has gone.
func Endless(piece string) Behaviour {
	return func(w http.ResponseWriter, r *http.Request, _ Request) {
		begin(w)
		for r.Context().Err() == nil {
			event(w, delta(`"content":`+quoted(piece)))
		}
	}
}

// Huge sends one line that is larger than anything a client should read.
func Huge() Behaviour {
	return func(w http.ResponseWriter, _ *http.Request, _ Request) {
		begin(w)
		event(w, delta(`"content":`+quoted(strings.Repeat("很", 1<<20))))
	}
}

// Repeat says what it was told: its instructions, and then the last message.
func Repeat() Behaviour {
	return func(w http.ResponseWriter, r *http.Request, asked Request) {
		text := ""
		for _, m := range asked.Messages {
			text += m.Content + "。"
		}
		Say(text)(w, r, asked)
	}
}
