package rehearse_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
	"waggle/shop"
)

// Whoever asks for an order of somebody else, known or not, with the number of
// the order and a phone number that is not its own, is told nothing of it: not
// its goods, its address, its parcel. Every order of the demo shop is asked for.
func TestNobodyReadsAnotherCustomersOrder(t *testing.T) {
	understander, err := nlu.Open()
	if err != nil {
		t.Fatal(err)
	}
	stage, err := rehearse.NewStage(t.Context(), understander, func() time.Time { return opensAt })
	if err != nil {
		t.Fatal(err)
	}
	const caller, phone = "c02", "13800000002"
	own, err := stage.Shop.OrdersOf(t.Context(), caller)
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for n := 1; ; n++ {
		other, err := stage.Shop.CustomerByPhone(t.Context(), fmt.Sprintf("138%08d", n))
		if err != nil {
			break
		}
		orders, err := stage.Shop.OrdersOf(t.Context(), other.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range orders {
			if o.Customer == caller {
				continue
			}
			asked++
			secrets := secretsOf(o, other, own)
			listen(t, stage, secrets, dialog.Opening{Channel: dialog.ChannelText, User: caller}, "查一下订单"+o.ID, "对，就是"+o.ID, "把"+o.ID+"取消")
			if asked%3 == 0 {
				listen(t, stage, secrets, dialog.Opening{Channel: dialog.ChannelText}, "订单"+o.ID+"到哪了", "手机号"+phone, "地址是哪里")
			}
		}
	}
	if asked < 400 {
		t.Errorf("%d orders were asked for", asked)
	}
}

// secretsOf is what only the owner may hear. Goods that the caller has bought
// as well are no secret.
func secretsOf(o shop.Order, who shop.Customer, own []shop.Order) []string {
	secrets := []string{o.Address.Street, who.Phone, who.Name, who.Address.Street}
	if o.Tracking != "" {
		secrets = append(secrets, o.Tracking)
	}
	for _, l := range o.Lines {
		if !slices.ContainsFunc(own, func(mine shop.Order) bool { return mine.Has(l.Product) }) {
			secrets = append(secrets, l.Name)
		}
	}
	return secrets
}

// listen says the sentences and searches the replies, cards and sources
// included, for what must not be in them.
func listen(t *testing.T, stage rehearse.Stage, secrets []string, opening dialog.Opening, said ...string) {
	t.Helper()
	talk := dialog.NewConversations(stage.Engine, dialog.NewMemoryLog())
	id, _, err := talk.Start(t.Context(), opening)
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range said {
		reply, err := talk.Next(t.Context(), id, dialog.Turn{Channel: opening.Channel, Text: words})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range secrets {
			if strings.Contains(string(raw), s) {
				t.Errorf("%q was answered with %q of somebody else: %s", words, s, reply.Text())
			}
		}
	}
}
