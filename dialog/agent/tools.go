package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"waggle/dialog"
	"waggle/dialog/pii"
	"waggle/dialog/tool"
	"waggle/shop"
)

// The tools that only a model has.
const (
	startProcedure = "start_procedure"
	handOver       = "hand_over"
)

// functions describe all tools to the model.
func (a *Agent) functions() []Function {
	var out []Function
	for _, t := range a.Tools.Tools() {
		out = append(out, Function{Name: t.Name, Description: t.Description, Parameters: t.JSONSchema()})
	}
	if len(a.Procedures) > 0 {
		about := "Begin a procedure that asks the customer for what it needs:"
		names := slices.Sorted(maps.Keys(a.Procedures))
		for _, n := range names {
			about += " " + n + " (" + a.Procedures[n] + ")"
		}
		out = append(out, Function{Name: startProcedure, Description: about, Parameters: object("name", map[string]any{"type": "string", "enum": names})})
	}
	return append(out, Function{Name: handOver, Description: "Hand the conversation to a person.",
		Parameters: object("reason", map[string]any{"type": "string", "maxLength": 200})})
}

// object is the JSON Schema of an object with one property.
func object(name string, of map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": map[string]any{name: of}, "required": []string{name}, "additionalProperties": false}
}

// use carries a call out. Unanswered goes on with the result for the model;
// every other verdict ends the model's turn.
func (t *turn) use(ctx context.Context, c Call) (v dialog.Verdict, result string, err error) {
	args, err := tool.ParseArgs(c.Arguments)
	if err != nil {
		return dialog.Unanswered, failed(err), nil
	}
	key := c.Name + string(c.Arguments)
	if t.asked[key] {
		return dialog.Unanswered, "", fmt.Errorf("%w: it asks the same again", ErrModel)
	}
	t.asked[key] = true
	switch c.Name {
	case startProcedure:
		return t.procedure(args["name"])
	case handOver:
		t.sc.Say(dialog.FromFlow(dialog.ModelFlow), "好的，给您转人工客服，请稍等。")
		t.sc.HandOff(dialog.HandOff{Reason: "the model could not help", Summary: t.sc.Summary()})
		return dialog.Finish, "", nil
	}
	described, err := t.agent.Tools.Tool(c.Name)
	if err != nil {
		return dialog.Unanswered, failed(err), nil
	}
	if described.Effect == tool.Write {
		return t.wish(ctx, c.Name, args)
	}
	return t.look(ctx, c.Name, args)
}

// procedure begins a flow after this one.
func (t *turn) procedure(name string) (dialog.Verdict, string, error) {
	if _, ok := t.agent.Procedures[name]; !ok {
		return dialog.Unanswered, failed(fmt.Errorf("%w: no such procedure", tool.ErrArguments)), nil
	}
	t.sc.Then(name)
	return dialog.Finish, "", nil
}

// look reads something. What identifies a person is hidden from the model and
// is no evidence either: it cannot be said.
func (t *turn) look(ctx context.Context, name string, args tool.Args) (dialog.Verdict, string, error) {
	r, err := t.agent.Tools.Run(ctx, t.call(name, args))
	if errors.Is(err, shop.ErrUnavailable) {
		return dialog.Unanswered, "", err
	}
	if err != nil {
		t.agent.Log.Info("a look-up of the model was refused", "call", t.sc.State.Conversation, "tool", name, "err", err)
		return dialog.Unanswered, failed(err), nil
	}
	facts := r.Strings()
	for i := range facts {
		facts[i] = pii.Mask(facts[i])
	}
	t.evidence = append(t.evidence, dialog.Source{Kind: r.Kind, ID: r.ID, Facts: facts})
	shown := map[string]any{"result": r.Facts.Plain()}
	if len(r.Rows) > 0 {
		rows := make([]map[string]any, len(r.Rows))
		for i, row := range r.Rows {
			rows[i] = row.Plain()
		}
		shown = map[string]any{"results": rows}
	}
	raw, err := json.Marshal(shown)
	if err != nil {
		return dialog.Unanswered, "", fmt.Errorf("agent: result of %s: %w", name, err)
	}
	return dialog.Unanswered, pii.Mask(string(raw)), nil
}

func (t *turn) call(name string, args tool.Args) tool.Call { return call(t.sc, name, args) }

func call(sc *dialog.Scene, name string, args tool.Args) tool.Call {
	who := sc.State.Caller
	return tool.Call{Tool: name, Args: args, Caller: tool.Caller{Customer: who.Customer, Known: who.Known}, Now: sc.Now()}
}

// failed tells the model in a word what was wrong, without inner text.
func failed(err error) string {
	word := "error"
	var refusal *tool.Refusal
	switch {
	case errors.As(err, &refusal):
		word = "refused by policy: " + string(refusal.Code)
	case errors.Is(err, tool.ErrCaller):
		word = "the customer is not known yet: ask for the order number or phone number"
	case errors.Is(err, tool.ErrForeign), errors.Is(err, shop.ErrNotFound):
		word = "no such record of this customer"
	case errors.Is(err, tool.ErrArguments):
		word = "wrong arguments"
	case errors.Is(err, tool.ErrUnknownTool):
		word = "no such tool"
	}
	raw, _ := json.Marshal(map[string]string{"error": word}) // a map of texts cannot fail
	return string(raw)
}
