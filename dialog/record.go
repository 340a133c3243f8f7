package dialog

import "time"

// Record is one conversation as people look it up afterwards: `waggle calls`
// and GET /v1/calls show it.
type Record struct {
	Call    string       `json:"call"`
	Door    Channel      `json:"door"`
	From    string       `json:"from,omitempty"`
	Started time.Time    `json:"started"`
	Turns   []RecordTurn `json:"turns"`
	Outcome string       `json:"outcome"`
	// Line is nil for conversations without a call, and while one goes on.
	Line *LineQuality `json:"line,omitempty"`
	// Transfers are the attempts to connect the caller with a person by phone.
	Transfers []Transfer `json:"transfers,omitempty"`
}

// RecordTurn is one exchange. The greeting is a turn without user words.
type RecordTurn struct {
	User       string  `json:"user"`
	Confidence float32 `json:"confidence,omitempty"`
	Event      Event   `json:"event,omitempty"`
	Photo      string  `json:"photo,omitempty"`
	// Photos names all, where several came together.
	Photos  []string `json:"photos,omitempty"`
	Reply   string   `json:"reply"`
	Sources []Source `json:"sources"`
	// LatencyMS is from the end of the user's turn to the first sound.
	LatencyMS int64 `json:"latency_ms,omitempty"`
	// Heard is what the caller really heard of the reply; nil means all.
	Heard *string `json:"heard,omitempty"`
}

// Recount turns a log into a record.
func Recount(entries []Entry) Record {
	r := Record{Turns: []RecordTurn{}}
	for _, e := range entries {
		r.Call = e.Conversation
		if e.Opening != nil {
			r.Door, r.From, r.Started = e.Opening.Channel, e.Opening.From, e.At
		}
		if e.Turn != nil {
			r.Turns = append(r.Turns, recordTurn(*e.Turn))
		}
		if e.Line != nil {
			r.Line = e.Line
		}
		if e.Transfer != nil {
			r.transfer(*e.Transfer)
		}
		if e.Ended != "" {
			r.Outcome = e.Ended
		}
		if n := len(r.Turns); n > 0 {
			r.Turns[n-1].answer(e)
		}
	}
	return r
}

func recordTurn(t Turn) RecordTurn {
	r := RecordTurn{User: t.Text, Event: t.Event, Photo: t.PhotoID, Sources: []Source{}}
	if ids := t.PhotoIDs(); len(ids) > 1 {
		r.Photos = ids
	}
	if t.Speech != nil {
		r.Confidence = t.Speech.Confidence
	}
	if r.User == "" && t.DTMF != "" {
		r.User = t.DTMF
	}
	return r
}

// answer adds what an entry after the turn tells about its reply.
func (r *RecordTurn) answer(e Entry) {
	if e.Reply != nil {
		r.Reply = e.Reply.Text()
		for _, s := range e.Reply.Sentences {
			r.Sources = append(r.Sources, s.Sources...)
		}
	}
	if e.Latency > 0 {
		r.LatencyMS = e.Latency.Milliseconds()
	}
	if e.Heard != nil {
		r.Heard = e.Heard
	}
}
