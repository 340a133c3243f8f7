// Package rehearse plays scripted conversations against an engine and compares
// what is said, and what the shop's records are afterwards, with what the
// script wants. The scripts are data: testdata/*.yaml. Beside them stand tasks,
// testdata/tasks-*.yaml: a shopper's errand with the records that the whole
// shop must have in the end, held against the rules of the house in every turn.
// It may import dialog, vision's plain types and shop.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waggle/dialog"
	"waggle/shop"
	"waggle/vision"
)

// Script is one conversation with what is expected of it.
type Script struct {
	Name    string         `yaml:"name"`
	Channel dialog.Channel `yaml:"channel"` // text if empty
	From    string         `yaml:"from"`
	User    string         `yaml:"user"`
	Call    string         `yaml:"call"` // kind of an outbound script
	Facts   map[string]string
	Turns   []Turn
	Final   Final
}

// Turn is what the user does and what the robot must answer.
type Turn struct {
	User  string       `yaml:"user"`
	Keys  string       `yaml:"keys"`  // DTMF
	Event dialog.Event `yaml:"event"` // silence, unclear ...
	Photo []Sight      `yaml:"photo"`
	// Heard is what the user heard of the reply before; nothing means all.
	Heard *string `yaml:"heard"`
	// Restart makes the gateway forget everything but its log first.
	Restart bool `yaml:"restart"`
	// GiveBack lets the robot speak again after a human.
	GiveBack bool `yaml:"give_back"`

	Says    []string       `yaml:"says"`  // each must be in the reply
	Never   []string       `yaml:"never"` // none may be
	Silent  bool           `yaml:"silent"`
	Ask     dialog.Ask     `yaml:"ask"`
	End     bool           `yaml:"end"`
	Human   bool           `yaml:"human"`
	Outcome dialog.Outcome `yaml:"outcome"`
}

// Sight is a finding on a photo.
type Sight struct {
	Kind  string  `yaml:"kind"`
	Label string  `yaml:"label"`
	Score float32 `yaml:"score"`
	Note  string  `yaml:"note"`
}

// Final is how the shop's records must be in the end. What is not named must
// not have been touched: no refund, no ticket.
type Final struct {
	States  map[string]shop.OrderState `yaml:"states"`
	Cities  map[string]string          `yaml:"cities"`
	Hurried []string                   `yaml:"hurried"`
	// Refunds lists the new refunds of an order as "kind amount".
	Refunds map[string][]string `yaml:"refunds"`
	// Tickets lists the kinds of a customer's tickets.
	Tickets map[string][]string `yaml:"tickets"`
}

// Stage is where a script is played: a fresh shop and an engine over it.
type Stage struct {
	Shop   shop.Shop
	Engine *dialog.Engine
	// Took, if set, is told how long each turn took.
	Took func(time.Duration)
}

// Play runs the script and returns what went wrong, joined; nil if nothing.
func (s Script) Play(ctx context.Context, stage Stage) error {
	log := dialog.NewMemoryLog()
	talk := dialog.NewConversations(stage.Engine, log)
	opening := dialog.Opening{Channel: s.Channel, From: s.From, User: s.User}
	if s.Call != "" {
		opening.Script = &dialog.Script{Kind: s.Call, Facts: s.Facts}
	}
	if opening.Channel == "" {
		opening.Channel = dialog.ChannelText
	}
	id, greeting, err := talk.Start(ctx, opening)
	if err != nil {
		return fmt.Errorf("%s: start: %w", s.Name, err)
	}
	var wrong []error
	if !strings.Contains(greeting.Text(), "AI") {
		wrong = append(wrong, fmt.Errorf("the greeting %q does not say that it is an AI", greeting.Text()))
	}
	for i, t := range s.Turns {
		if t.Restart {
			talk = dialog.NewConversations(stage.Engine, log)
		}
		begin := time.Now()
		r, err := t.play(ctx, talk, id, opening.Channel)
		if stage.Took != nil {
			stage.Took(time.Since(begin))
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("turn %d: %w", i+1, err))
			break
		}
		if err := t.judge(r, opening.Channel); err != nil {
			wrong = append(wrong, fmt.Errorf("turn %d (%s): %w; it said %q", i+1, t.User, err, r.Text()))
		}
	}
	wrong = append(wrong, s.Final.judge(ctx, stage.Shop))
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}

func (t Turn) play(ctx context.Context, talk *dialog.Conversations, id string, ch dialog.Channel) (dialog.Reply, error) {
	if t.GiveBack {
		if err := talk.GiveBack(ctx, id); err != nil {
			return dialog.Reply{}, err
		}
	}
	turn := dialog.Turn{Channel: ch, Text: t.User, DTMF: t.Keys, Event: t.Event, Heard: t.Heard}
	if ch != dialog.ChannelText && t.User != "" {
		turn.Speech = &dialog.Speech{Confidence: 1}
	}
	for _, p := range t.Photo {
		turn.Photo = append(turn.Photo, vision.Finding{Kind: p.Kind, Label: p.Label, Score: p.Score, Note: p.Note})
		turn.PhotoID = "photo.jpg"
	}
	return talk.Next(ctx, id, turn)
}

// judge compares a reply with what the turn wants.
func (t Turn) judge(r dialog.Reply, ch dialog.Channel) error {
	var wrong []error
	text := r.Text()
	for _, s := range t.Says {
		if !strings.Contains(text, s) {
			wrong = append(wrong, fmt.Errorf("does not say %q", s))
		}
	}
	for _, s := range t.Never {
		if strings.Contains(text, s) {
			wrong = append(wrong, fmt.Errorf("says %q", s))
		}
	}
	if t.Silent != (text == "") {
		wrong = append(wrong, fmt.Errorf("silent is %v", text == ""))
	}
	if r.Ask != t.Ask || r.End != t.End || (r.HandOff != nil) != t.Human || r.Outcome != t.Outcome {
		wrong = append(wrong, fmt.Errorf("ask %q, end %v, human %v, outcome %q", r.Ask, r.End, r.HandOff != nil, r.Outcome))
	}
	if ch != dialog.ChannelText && len(r.Sentences) > mostSpoken {
		wrong = append(wrong, fmt.Errorf("%d sentences are too many for the ear", len(r.Sentences)))
	}
	for _, s := range r.Sentences {
		if len(s.Sources) == 0 {
			wrong = append(wrong, fmt.Errorf("no evidence for %q", s.Text))
		}
	}
	return errors.Join(wrong...)
}

// mostSpoken is what one reply may hold where it is heard: two sentences, and
// a third only when two questions were asked at once.
const mostSpoken = 3
