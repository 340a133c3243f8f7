package sip

import (
	"context"
	"testing"

	"waggle/voice"
	"waggle/voice/legtest"
)

func TestLegsKeepTheContract(t *testing.T) {
	for _, network := range []string{"udp", "tcp"} {
		t.Run(network, func(t *testing.T) {
			legtest.Run(t, func(t *testing.T) (near, far voice.Leg) {
				legs := make(chan voice.Leg, 1)
				shop := openDoor(t, Config{Loopback: true}, func(ctx context.Context, in Incoming) {
					legs <- in.Leg
					select {
					case <-in.Leg.(*leg).call.ended:
					case <-ctx.Done():
					}
				}, Options{})
				far, err := dialer(t).Dial(t.Context(), Target{URI: shopURI(shop, network)})
				if err != nil {
					t.Fatal(err)
				}
				return <-legs, far
			})
		})
	}
}
