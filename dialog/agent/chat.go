package agent

import (
	"fmt"
	"strings"

	_ "embed"

	"waggle/dialog"
	"waggle/dialog/guard"
	"waggle/dialog/pii"
)

// prompt is all that the model is told to do; its places take the names of the
// shop and the robot. Nothing in it is secret.
//
//go:embed prompt.txt
var prompt string

// passages is how many entries of the question base the model is shown.
const passages = 3

// open begins the chat: instructions, what the question base has, what was
// said last, and the turn.
func (t *turn) open(words string) {
	t.messages = append(t.messages, Message{Role: System, Content: fmt.Sprintf(prompt, t.sc.Policy.ShopName, t.sc.Policy.Robot)})
	t.evidence = append(t.evidence, dialog.Source{Kind: "policy", ID: "identity", Facts: []string{t.sc.Policy.ShopName, t.sc.Policy.Robot}})
	if text := t.passages(words); text != "" {
		t.messages = append(t.messages, Message{Role: System, Content: "资料：\n" + text})
	}
	for _, x := range t.sc.State.Recent {
		t.messages = append(t.messages, Message{Role: User, Content: pii.Mask(x.User)}, Message{Role: Assistant, Content: pii.Mask(x.Robot)})
	}
	t.messages = append(t.messages, Message{Role: User, Content: pii.Mask(words)})
}

// passages lists what the question base has, without entries that try to give
// orders: who imports a document need not have written it.
func (t *turn) passages(words string) string {
	if t.agent.Knowledge == nil {
		return ""
	}
	var b strings.Builder
	for _, h := range t.agent.Knowledge.Retrieve(words, passages) {
		text := h.Entry.Answer
		if pattern := guard.Injection(text); pattern != "" {
			t.agent.Log.Warn("an entry that tries to give orders is not shown to the model", "entry", h.Entry.ID, "pattern", pattern)
			continue
		}
		fmt.Fprintf(&b, "- %s\n", text)
		t.evidence = append(t.evidence, dialog.Source{Kind: string(h.Entry.Kind), ID: h.Entry.ID, Facts: []string{text}})
	}
	return b.String()
}
