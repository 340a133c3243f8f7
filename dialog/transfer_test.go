package dialog_test

import (
	"context"
	"testing"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// returning is a flow that a caller began before asking for a person.
func returning(order string) dialog.Flow {
	return say("return", nlu.Parcel, func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		sc.State.Order = order
		sc.Say(dialog.FromFlow("return"), "好的。")
		return dialog.Continue, nil
	})
}

func TestThePersonIsToldWhoComesFromTheRecords(t *testing.T) {
	const hers, another = "2679864326", "2609885777" // of c01 and c02
	for name, c := range map[string]struct {
		opening dialog.Opening
		order   string
		want    string
	}{
		"a known caller":           {dialog.Opening{Channel: dialog.ChannelPhone, User: "c01"}, hers, "来电王女士，想查快递，订单是花瓶。"},
		"somebody else's order":    {dialog.Opening{Channel: dialog.ChannelPhone, User: "c01"}, another, "来电王女士，想查快递。"},
		"a stranger":               {dialog.Opening{Channel: dialog.ChannelPhone, From: "13399999999"}, hers, "来电一位顾客，想查快递。"},
		"who writes is not put on": {dialog.Opening{Channel: dialog.ChannelText, User: "c01"}, hers, ""},
	} {
		conversations := talk(t, dialog.NewMemoryLog(), returning(c.order))
		id := start(t, conversations, c.opening)
		next(t, conversations, id, "ask")
		r := next(t, conversations, id, "person")
		if r.HandOff == nil || r.HandOff.Announcement != c.want {
			t.Errorf("%s: %+v, want %q", name, r.HandOff, c.want)
		}
	}
}

func TestTheRecordShowsEveryAttemptAsItStoodLast(t *testing.T) {
	log := dialog.NewMemoryLog()
	c := talk(t, log)
	id := start(t, c, dialog.Opening{Channel: dialog.ChannelPhone})
	for _, x := range []dialog.Transfer{
		{State: dialog.TransferCalling}, {State: dialog.TransferBusy, Way: dialog.TransferBridge, WaitMS: 900},
		{State: dialog.TransferCalling}, {State: dialog.TransferAnswered, Way: dialog.TransferBridge, WaitMS: 4000},
		{State: dialog.TransferJoined, Way: dialog.TransferBridge, WaitMS: 6000},
		{State: dialog.TransferLeft, Way: dialog.TransferBridge, WaitMS: 6000, TalkMS: 60000},
	} {
		if err := c.Transferred(t.Context(), id, x); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := log.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	got := dialog.Recount(entries).Transfers
	if len(got) != 2 || got[0].State != dialog.TransferBusy || got[1] != (dialog.Transfer{State: dialog.TransferLeft, Way: dialog.TransferBridge, WaitMS: 6000, TalkMS: 60000}) {
		t.Errorf("%+v", got)
	}
	if err := c.Transferred(t.Context(), "nobody", dialog.Transfer{}); err == nil {
		t.Error("a conversation that does not exist is noted")
	}
}
