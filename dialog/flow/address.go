package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// addressChange sends an order that has not left the house somewhere else.
func addressChange() dialog.Flow {
	return dialog.Flow{
		Name:    "address",
		Intents: []nlu.Intent{nlu.AddressChange},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StateToPay, shop.StatePaid)),
			check(canRedirect),
			ask("address", askAddress, readAddress),
			confirm(readRedirect, func(sc *dialog.Scene) bool {
				a := readAddress(sc)
				if a == "" || strings.HasSuffix(sc.Slot("address"), a) {
					return false
				}
				sc.Set("address", sc.Slot("address")+corrected+a)
				return true
			}),
			act(doRedirect),
		},
	}
}

func canRedirect(ctx context.Context, sc *dialog.Scene) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	switch o.State {
	case shop.StateToPay, shop.StatePaid:
		return true, nil
	case shop.StateShipped, shop.StateDelivering:
		p, ok, err := parcelOf(ctx, sc, o)
		if err != nil || !ok {
			return false, err
		}
		sc.Say(fromParcel(p), "您的%s已经发货，改不了地址，您可以联系%s改送，单号尾号%s。", text(o.Name()), text(p.Courier), digits(p.Tail()))
	default:
		sayState(sc, o)
	}
	return false, nil
}

func askAddress(sc *dialog.Scene) {
	sc.Ask(dialog.Expect{}, itself("address"), "好的，请说新的地址，从城市说到门牌号。")
}

func readAddress(sc *dialog.Scene) string {
	if e, ok := sc.Heard.Entity(nlu.Address); ok {
		return e.Value
	}
	return ""
}

// corrected stands between what was said first and what corrects it.
const corrected = "\n"

// newAddress puts the new place in the old address: name and phone stay, and
// what was not said of city and district, too.
func newAddress(old shop.Address, said string) shop.Address {
	for _, part := range strings.Split(said, corrected) {
		old = moved(old, nlu.ParsePlace(part))
	}
	return old
}

func moved(a shop.Address, p nlu.Place) shop.Address {
	if p.City != "" {
		a.City, a.Province = p.City, p.Province
		a.District = p.District
	}
	if p.District != "" {
		a.District = p.District
	}
	if p.Street != "" {
		a.Street = p.Street
	}
	return a
}

func readRedirect(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	to := newAddress(o.Address, sc.Slot("address"))
	sc.Ask(yesNo(), fromOrder(o), "把%s的地址改成%s，对吗？", text(o.Name()), text(to.String()))
	return nil
}

func doRedirect(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	to := newAddress(o.Address, sc.Slot("address"))
	if o, err = sc.Shop.ChangeAddress(ctx, sc.Key("address"), o.ID, to); err != nil {
		return err
	}
	sc.Say(fromOrder(o), "地址已经改好了，会寄到%s%s。", text(to.City), text(to.District))
	return nil
}
