package flow

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"waggle/dialog"
	"waggle/dialog/sop"
	"waggle/shop/demo"
)

// Every procedure that ships is sound: its names stand for something, its
// steps are reached, its writes are confirmed.
func TestShippedProceduresAreSound(t *testing.T) {
	native := Native(nil)
	list, err := Procedures(nil, native)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := join(native, list, nil, nil); err != nil {
		t.Error(err)
	}
	if len(list) < 25 {
		t.Errorf("only %d procedures ship", len(list))
	}
}

// docs/flows.md has the table that `waggle flows list --markdown` prints.
func TestTheTableOfProceduresIsUpToDate(t *testing.T) {
	list, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := sop.Markdown(&table, sop.Summarise(list)); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../../docs/flows.md")
	if err != nil {
		t.Fatal(err)
	}
	const title = "## What ships\n\n"
	text, have, _ := strings.Cut(string(page), title)
	if *update {
		if err := os.WriteFile("../../docs/flows.md", []byte(text+title+table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if have != table.String() {
		t.Error("the table is another one: run this test with -update")
	}
}

// A merchant's procedure stands in for the one that ships, from the intent
// down to the shop, and a folder with a mistake is not taken at all.
func TestAMerchantsOwnProcedure(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const mine = "id: hurry\nabout: Ours.\ntriggers: {intents: [hurry]}\nrequires: {order: [paid]}\nsteps:\n  - say: 我们马上去催{order.name}。\n"
	engine, err := OpenOwn(t.Context(), dialog.Options{Shop: s}, fstest.MapFS{"hurry.yaml": {Data: []byte(mine)}})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	id, _, err := talk.Start(t.Context(), dialog.Opening{User: "c05"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := talk.Next(t.Context(), id, dialog.Turn{Text: "怎么还不发货快点吧"})
	if err != nil || !strings.Contains(r.Text(), "我们马上去催双肩包") {
		t.Errorf("%q %v", r.Text(), err)
	}
	bad := strings.Replace(mine, "order.name", "order.nickname", 1)
	if _, err := OpenOwn(t.Context(), dialog.Options{Shop: s}, fstest.MapFS{"hurry.yaml": {Data: []byte(bad)}}); err == nil || !strings.Contains(err.Error(), "hurry.yaml:6") {
		t.Errorf("the bad folder: %v", err)
	}
}
