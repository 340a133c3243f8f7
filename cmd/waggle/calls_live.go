package main

import (
	"context"
	"strings"
	"time"

	"waggle/config"
	"waggle/dialog"
	"waggle/outbound"
	"waggle/tts"
	"waggle/voice"
	"waggle/voice/sip"
	"waggle/voice/webrtc"
)

// openReception makes what gives every call its session.
func (g *gateway) openReception(ctx context.Context) (err error) {
	parts := voice.Parts{
		Recognizer: g.speech.ear, NewVAD: g.speech.newVAD, Mouth: g.speech.mouth, Voice: tts.Voice{Name: g.cfg.Voice.Name},
		Brain:   &switchboard{Conversations: g.talk, links: g.links, outbox: g.outbox(), callers: map[string]string{}},
		Closing: g.capacity.Closing(), Log: g.log,
	}
	if g.cfg.Voice.Record {
		parts.Recordings = g.dir.file("recordings")
	}
	g.reception, err = voice.NewReception(ctx, parts)
	return err
}

// longestTransferred bounds a call whose caller may be talking to a person: the
// robot itself ends its calls long before.
const longestTransferred = 4 * time.Hour

// take holds a call and counts it.
func (g *gateway) take(ctx context.Context, c voice.Call) voice.Outcome {
	out := g.reception.Take(ctx, c)
	g.figures.call(string(c.Opening.Channel), out)
	return out
}

// answerPhone holds an inbound call.
func (g *gateway) answerPhone(ctx context.Context, in sip.Incoming) {
	g.take(ctx, voice.Call{ID: in.CallID, Leg: in.Leg, Exchange: in.Exchange,
		Opening: dialog.Opening{Channel: dialog.ChannelPhone, From: localNumber(in.From)}})
}

// answerBrowser holds a call that joins the conversation of a page.
func (g *gateway) answerBrowser(ctx context.Context, in webrtc.Incoming) {
	g.take(ctx, voice.Call{ID: in.ID, Leg: in.Leg, Conversation: in.Conversation, Exchange: g.phones.Exchange(),
		Opening: dialog.Opening{Channel: dialog.ChannelBrowser}})
}

// localNumber writes a caller's number as the shop keeps it: digits without
// +86; "" if the line gave no number.
func localNumber(from string) string {
	n, err := outbound.Normalize(from)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(n, "+86"), "+")
}

func sipConfig(all config.Config) (sip.Config, error) {
	c := all.SIP
	low, high, err := c.PortRange()
	out := sip.Config{Listen: c.Listen, External: c.External, Loopback: true, Ports: sip.PortRange{Low: low, High: high}}
	for _, t := range c.Trunks {
		out.Trunks = append(out.Trunks, sip.Trunk{Name: t.Name, From: t.Networks(), Address: t.Address, User: t.User,
			Password: t.Password.Reveal(), CallerID: t.CallerID, Prefixes: t.Prefixes, DailyMinutes: t.DailyMinutes})
	}
	for _, a := range c.Accounts {
		out.Accounts = append(out.Accounts, sip.Account{User: a.User, Password: a.Password.Reveal()})
	}
	if all.Desk.Transfer != "" {
		uri, number, trunk := all.DeskPhone()
		out.Desk = &sip.Desk{URI: uri, Number: number, Trunk: trunk, Lines: all.Desk.Lines, Bridge: all.Desk.TransferBy == "bridge"}
		out.Longest = longestTransferred
	}
	return out, err
}
