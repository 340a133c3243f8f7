package flow

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop"
	"waggle/shop/demo"
)

// mutable is a shop whose orders can go away and come back.
type mutable struct {
	shop.Shop
	away bool
}

func (m *mutable) Order(ctx context.Context, id string) (shop.Order, error) {
	if m.away {
		return shop.Order{}, fmt.Errorf("orders: %w", shop.ErrUnavailable)
	}
	return m.Shop.Order(ctx, id)
}

func (m *mutable) OrdersOf(ctx context.Context, customer string) ([]shop.Order, error) {
	if m.away {
		return nil, fmt.Errorf("orders: %w", shop.ErrUnavailable)
	}
	return m.Shop.OrdersOf(ctx, customer)
}

// A shop that does not answer is told to the caller in words; when it answers
// again the conversation goes on, and when it does not a person takes over.
func TestAShopThatDoesNotAnswer(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	m := &mutable{Shop: s}
	engine, err := Open(t.Context(), dialog.Options{Shop: m})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	id, _, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText, User: "13800000001"})
	if err != nil {
		t.Fatal(err)
	}
	for i, turn := range []struct {
		away    bool
		want    string
		handOff bool
	}{
		{true, "没有回应", false},
		{false, "花瓶", false},
		{true, "没有回应", false},
		{true, "转人工", true},
	} {
		m.away = turn.away
		r, err := talk.Next(t.Context(), id, dialog.Turn{Text: "我的快递到哪了", Channel: dialog.ChannelText})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(r.Text(), turn.want) || turn.handOff != (r.HandOff != nil) {
			t.Errorf("turn %d: %q, hand-off %v", i, r.Text(), r.HandOff)
		}
	}
}
