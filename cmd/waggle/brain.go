package main

import (
	"context"
	"io/fs"
	"time"

	"waggle/api"
	"waggle/dialog"
	"waggle/dialog/agent"
	"waggle/dialog/flow"
	"waggle/dialog/guard"
	"waggle/dialog/handoff"
	"waggle/dialog/tool"
	"waggle/llm"
	"waggle/outbound"
)

// restored is how many of the newest conversations are looked through at the
// start for those that wait for a person.
const restored = 1000

// openBrain opens the dialog core and the conversations that it holds.
func (g *gateway) openBrain(ctx context.Context) (err error) {
	if g.library, err = flow.OpenLibrary(ctx, g.shop, g.store.Knowledge()); err != nil {
		return err
	}
	zone := time.FixedZone("CST", 8*3600)
	if g.desk, err = handoff.New(handoff.Staffed(g.cfg.Desk.Staffed), g.cfg.Desk.Hours, zone); err != nil {
		return err
	}
	if g.cfg.Desk.Transfer != "" {
		g.desk.ByPhone()
	}
	understander, err := openUnderstander(g.cfg.Models.Text, g.log)
	if err != nil {
		return err
	}
	g.meaning = understander
	o := dialog.Options{Shop: g.shop, Log: g.log, Recording: g.cfg.Voice.Record, Desk: g.desk, Understander: understander}
	own, err := ownFlows(g.cfg.Flows)
	if err != nil {
		return err
	}
	if o.Flows, err = flow.Standard(ctx, g.shop, g.library, own); err != nil {
		return err
	}
	if g.cfg.LLM.URL != "" {
		if err := g.openAgent(ctx, &o, own); err != nil {
			return err
		}
	}
	engine, err := flow.OpenWith(ctx, o, g.library)
	if err != nil {
		return err
	}
	g.talk = dialog.NewConversations(engine, outbound.NewOptOutLog(g.store, g.store.Outbound()))
	g.links = api.NewPhotoLinks(time.Now)
	g.figures = newFigures(g.capacity, g.speech)
	return g.restore(ctx)
}

// openAgent adds the language model behind all flows.
func (g *gateway) openAgent(ctx context.Context, o *dialog.Options, own fs.FS) error {
	client, err := llm.New(llm.Options{URL: g.cfg.LLM.URL, Model: g.cfg.LLM.Model, Key: g.cfg.LLM.Key.Reveal()})
	if err != nil {
		return err
	}
	g.onClose(client.Close)
	names, err := dialog.Catalogue(ctx, g.shop)
	if err != nil {
		return err
	}
	o.Guard = guard.Guard{Names: names}
	policy, err := g.shop.Policy(ctx)
	if err != nil {
		return err
	}
	words, err := flow.Words(own)
	if err != nil {
		return err
	}
	procedures, err := procedureNames(own)
	if err != nil {
		return err
	}
	a := agent.New(agent.Options{Model: client, Name: g.cfg.LLM.Model, Tools: tool.NewWith(g.shop, policy, words), Knowledge: g.library,
		Procedures: procedures, Guard: o.Guard, Log: g.log, Limits: agent.Limits{
			Timeout:            time.Duration(g.cfg.LLM.TimeoutMS) * time.Millisecond,
			ConversationTokens: g.cfg.LLM.ConversationTokens, HourTokens: g.cfg.LLM.HourTokens,
		}})
	o.Flows, o.Remember = append(o.Flows, a.Flow()), true
	g.log.Info("a language model answers what no flow takes", "model", g.cfg.LLM.Model)
	return nil
}

// procedureNames lists the procedures that a model may begin.
func procedureNames(own fs.FS) (map[string]string, error) {
	list, err := flow.Procedures(own, flow.Native(nil))
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(list))
	for _, f := range list {
		names[f.ID] = f.About
	}
	return names, nil
}

// restore finds the conversations that were with people when the gateway
// stopped.
func (g *gateway) restore(ctx context.Context) error {
	list, err := g.store.Conversations(ctx, restored)
	if err != nil {
		return err
	}
	var open []string
	for _, c := range list {
		if c.Ended.IsZero() {
			open = append(open, c.ID)
		}
	}
	return g.talk.Restore(ctx, open)
}
