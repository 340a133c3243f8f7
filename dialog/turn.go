// Package dialog is the core that all channels share: it understands a turn,
// keeps the state of the conversation, acts through shop and answers with
// sentences that carry their evidence. It may import shop and vision's plain
// types, and knows nothing of sound or HTTP.
package dialog

import (
	"time"

	"waggle/vision"
)

// Channel is where a turn came from or a reply goes to.
type Channel string

// The channels.
const (
	ChannelText    Channel = "text"
	ChannelPhone   Channel = "phone"
	ChannelBrowser Channel = "browser"
	ChannelSpeaker Channel = "speaker"
)

// Turn is what the user did: one or several parts, on any channel.
type Turn struct {
	Channel Channel   `json:"channel"`
	At      time.Time `json:"at"`
	// Text is typed words, or the transcript of Speech.
	Text string `json:"text,omitempty"`
	// Speech is set when Text was heard and not typed.
	Speech *Speech `json:"speech,omitempty"`
	// Photo lists what was seen on an uploaded picture; PhotoID names it.
	Photo   []vision.Finding `json:"photo,omitempty"`
	PhotoID string           `json:"photo_id,omitempty"`
	// Photos tells what was seen on each, where several pictures came together
	// or earlier ones of the same matter count too: Photo is then what they say
	// joined, and PhotoID names the first that came with this turn.
	Photos []vision.Seen `json:"photos,omitempty"`
	// DTMF holds keys pressed, in order.
	DTMF  string `json:"dtmf,omitempty"`
	Event Event  `json:"event,omitempty"`
	// Order and Product are what the turn is about, where a page or an event of
	// the shop says so. An order that is not the caller's is left out.
	Order   string `json:"order,omitempty"`
	Product string `json:"product,omitempty"`
	// Heard is what the caller really heard of the previous reply; nil means
	// all of it.
	Heard *string `json:"heard,omitempty"`
}

// Pictures tells what was seen on each picture that came with the turn.
func (t Turn) Pictures() []vision.Seen {
	switch {
	case len(t.Photos) > 0:
		return t.Photos
	case t.PhotoID != "" || len(t.Photo) > 0:
		return []vision.Seen{{Photo: t.PhotoID, Findings: t.Photo}}
	}
	return nil
}

// PhotoIDs names the pictures that came with the turn.
func (t Turn) PhotoIDs() []string {
	var ids []string
	for _, p := range t.Pictures() {
		if p.Photo != "" {
			ids = append(ids, p.Photo)
		}
	}
	return ids
}

// Speech tells how sure the recogniser was.
type Speech struct {
	Confidence float32  `json:"confidence"`
	NBest      []string `json:"nbest,omitempty"`
}

// Event is something that happened instead of words.
type Event string

// The events.
const (
	EventStart   Event = "start"   // greet
	EventSilence Event = "silence" // the caller says nothing
	EventUnclear Event = "unclear" // something was said, nothing understood
	EventHangUp  Event = "hang-up"
	EventBroken  Event = "broken" // a part of the gateway failed; apologise
)

// Reply is what to answer.
type Reply struct {
	// Sentences are said or shown in order.
	Sentences []Sentence `json:"sentences"`
	// Expect tells the ear what answer is likely.
	Expect Expect `json:"expect"`
	Cards  []Card `json:"cards,omitempty"`
	// Ask asks the channel to do something beside speaking.
	Ask Ask `json:"ask,omitempty"`
	// End closes the conversation after the sentences were heard.
	End bool `json:"end,omitempty"`
	// HandOff is set when a human must take over.
	HandOff *HandOff `json:"hand_off,omitempty"`
	// Outcome is set when an outbound conversation has reached its result.
	Outcome Outcome `json:"outcome,omitempty"`
}

// Text joins the sentences.
func (r Reply) Text() string {
	var s string
	for _, x := range r.Sentences {
		s += x.Text
	}
	return s
}

// Sentence is one thing to say and where it comes from.
type Sentence struct {
	Text    string   `json:"text"`
	Sources []Source `json:"sources"`
}

// Source is evidence for a sentence.
type Source struct {
	// Kind is order, parcel, product, faq, flow, photo or policy.
	Kind string `json:"kind"`
	// ID names the record: an order number, a FAQ id, a flow step.
	ID string `json:"id"`
	// Facts are the values the sentence may speak, as they stand in the record.
	Facts []string `json:"facts,omitempty"`
}

// ExpectKind is the kind of answer a question expects.
type ExpectKind string

// The kinds; they map one to one on asr.HintKind.
const (
	ExpectOpen   ExpectKind = ""
	ExpectDigits ExpectKind = "digits"
	ExpectYesNo  ExpectKind = "yesno"
)

// Expect is the likely shape of the next turn.
type Expect struct {
	Kind    ExpectKind `json:"kind,omitempty"`
	Phrases []string   `json:"phrases,omitempty"`
	// Digits are the lengths that an expected number may have, if they are
	// known: the ear waits for a number that is shorter than all of them.
	Digits []int `json:"digits,omitempty"`
}

// Ask names a deed wanted from the channel.
type Ask string

// AskPhoto wants a photo: a page shows its upload button, a phone call gets a
// one-time link by text message.
const AskPhoto Ask = "photo"

// AskStopRecording wants the recording of the call stopped and deleted.
const AskStopRecording Ask = "stop-recording"

// AskSlower wants this and the following replies spoken more slowly.
const AskSlower Ask = "slower"

// AskFaster takes AskSlower back: the usual pace again.
const AskFaster Ask = "faster"

// Card is an answer card for channels that can show one.
type Card struct {
	Kind   string            `json:"kind"` // order, parcel, product, photo
	Title  string            `json:"title"`
	Fields map[string]string `json:"fields,omitempty"`
	Image  string            `json:"image,omitempty"` // path under /v1
	Link   string            `json:"link,omitempty"`
}

// HandOff is the packet for the human who takes over.
type HandOff struct {
	Reason   string   `json:"reason"`
	Summary  string   `json:"summary"`
	Order    string   `json:"order,omitempty"`
	Evidence []string `json:"evidence,omitempty"`
	Tried    []string `json:"tried,omitempty"`
	NextStep string   `json:"next_step,omitempty"`
	// Announcement is what a person who is reached by phone hears before the
	// caller is put through; only calls have one.
	Announcement string `json:"announcement,omitempty"`
}

// Outcome is the result of an outbound conversation.
type Outcome string

// The outcomes a dialog can reach; transport outcomes belong to outbound.
const (
	OutcomeNone      Outcome = ""
	OutcomeConfirmed Outcome = "confirmed"
	OutcomeDeclined  Outcome = "declined"
	OutcomeOptOut    Outcome = "do-not-call"
	OutcomeNoAnswer  Outcome = "no-clear-answer"
	OutcomeHandOff   Outcome = "hand-off"
	// OutcomeBusy asks for another time; OutcomeWrongPerson means that the
	// number does not belong to whom it was meant for.
	OutcomeBusy        Outcome = "call-later"
	OutcomeWrongPerson Outcome = "wrong-person"
)
