package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
)

const (
	maxJSON = 64 << 10
	maxText = 2000 // characters of one typed turn
)

// decode reads a small JSON body strictly; on a mistake it answers 400.
func (s *Server) decode(c *gin.Context, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, maxJSON))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil || errors.Is(err, io.EOF) {
		return true
	}
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		s.fail(c, err)
		return false
	}
	problem(c, http.StatusBadRequest, "Not the JSON that is wanted here", err.Error())
	return false
}

type started struct {
	ID    string       `json:"id"`
	Token string       `json:"token"`
	Reply dialog.Reply `json:"reply"`
}

// startConversation opens a text conversation. Only a key may say who the
// user is; a visitor's word is not proof.
func (s *Server) startConversation(c *gin.Context) {
	var body struct {
		User    string         `json:"user"`
		From    string         `json:"from"`
		Channel dialog.Channel `json:"channel"`
	}
	if !s.decode(c, &body) {
		return
	}
	known := c.MustGet(ctxRole).(Role).includes(Operator)
	switch {
	case body.Channel == "":
		body.Channel = dialog.ChannelText
	case body.Channel != dialog.ChannelText && body.Channel != dialog.ChannelBrowser:
		problem(c, http.StatusUnprocessableEntity, "No such channel", "channel is text or browser.")
		return
	}
	if !known && (body.User != "" || body.From != "") {
		problem(c, http.StatusForbidden, "Not allowed", "user and from may only be set with a key.")
		return
	}
	if !known && !s.visitors.start(clientIP(c)) {
		problem(c, http.StatusTooManyRequests, "Too many conversations", "Wait a minute and try again.")
		return
	}
	id, reply, err := s.Conversations.Start(c.Request.Context(), dialog.Opening{Channel: body.Channel, User: body.User, From: body.From})
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Location", "/v1/conversations/"+id)
	c.JSON(http.StatusCreated, started{ID: id, Token: s.token(id), Reply: reply})
}

func (s *Server) getConversation(c *gin.Context) {
	entries, err := s.Conversations.Entries(c.Request.Context(), c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	for i := range entries {
		entries[i] = shownTo(c, entries[i])
	}
	c.JSON(http.StatusOK, gin.H{"id": c.Param("id"), "entries": entries})
}

// shownTo leaves out the checkpoint for replay, and, for visitors, what is
// for the shop's eyes only.
func shownTo(c *gin.Context, e dialog.Entry) dialog.Entry {
	e.State = nil
	if c.MustGet(ctxRole).(Role).includes(Viewer) {
		return e
	}
	if e.Turn != nil {
		t := *e.Turn
		t.Photo = forSender(t.Photo)
		t.Photos = slices.Clone(t.Photos)
		for i := range t.Photos {
			t.Photos[i].Findings = forSender(t.Photos[i].Findings)
		}
		e.Turn = &t
	}
	if e.Reply != nil {
		r := replyTo(c, *e.Reply)
		e.Reply = &r
	}
	return e
}

// replyTo leaves out what a hand-over tells the person who takes over, and
// nobody else.
func replyTo(c *gin.Context, r dialog.Reply) dialog.Reply {
	if r.HandOff != nil && !c.MustGet(ctxRole).(Role).includes(Viewer) {
		r.HandOff = &dialog.HandOff{Reason: r.HandOff.Reason}
	}
	return r
}

// postTurn answers typed words, as JSON or, when asked, sentence by sentence
// as server-sent events.
func (s *Server) postTurn(c *gin.Context) {
	var body struct {
		Text string `json:"text"`
	}
	if !s.decode(c, &body) {
		return
	}
	text := strings.TrimSpace(body.Text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0 || !utf8.ValidString(text):
		problem(c, http.StatusUnprocessableEntity, "Nothing was said", "text must hold words.")
		return
	case n > maxText:
		problem(c, http.StatusRequestEntityTooLarge, "Too long", fmt.Sprintf("text may have %d characters, it has %d.", maxText, n))
		return
	}
	if c.GetBool(ctxOwner) && !(s.visitors.turn(clientIP(c)) && s.visitors.talk(c.Param("id"))) {
		problem(c, http.StatusTooManyRequests, "Too fast", "Wait a moment and try again.")
		return
	}
	turn := dialog.Turn{Channel: dialog.ChannelText, Text: text}
	if strings.Contains(c.GetHeader("Accept"), "text/event-stream") {
		s.streamTurn(c, turn)
		return
	}
	reply, err := s.Conversations.Next(c.Request.Context(), c.Param("id"), turn)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, replyTo(c, reply))
}

// streamTurn sends sentences as soon as they are certain, the others when the
// reply is whole, and the reply at last. Its headers wait for the first
// sentence, so that a mistake is a problem with a status as everywhere.
func (s *Server) streamTurn(c *gin.Context, turn dialog.Turn) {
	var stream eventStream
	sent := make(map[string]bool)
	send := func(sentence dialog.Sentence) {
		if len(sent) == 0 {
			stream = events(c)
		}
		if !sent[sentence.Text] {
			sent[sentence.Text] = true
			stream.send("sentence", sentence)
		}
	}
	reply, err := s.Conversations.Stream(c.Request.Context(), c.Param("id"), turn, send)
	if err != nil && len(sent) == 0 {
		s.fail(c, err)
		return
	}
	for _, sentence := range reply.Sentences {
		send(sentence)
	}
	if len(sent) == 0 {
		stream = events(c)
	}
	stream.send("reply", replyTo(c, reply))
}
