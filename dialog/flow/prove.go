package flow

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// prove finds out who an unknown caller is. It takes two things that only the
// buyer has together: the order number and the phone number it was placed
// with, each of them whole or, as the second, its last four digits.
func prove(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if err := collect(ctx, sc); err != nil {
		return dialog.Finish, err
	}
	phone, order := sc.Slot("phone"), sc.Slot("order")
	if phone != "" && order != "" {
		return match(ctx, sc, phone, order)
	}
	src := itself("identify")
	switch {
	case sc.Answering && sc.Slot("fresh") == "":
		if n := almostPhone(sc.Heard.Text); n > 0 && phone == "" {
			sc.Missed()
			sc.Ask(number(mobile), src, "手机号是%s位，刚才听到的是%s位，请再说一遍。", count(mobile), count(n))
			return dialog.Wait, nil
		}
		if noNumber.MatchString(sc.Heard.Text) {
			return wayOut(sc), nil
		}
		return dialog.Unanswered, nil
	case phone != "":
		sc.Ask(number(tail), src, "为了保护您的信息，请再说一下订单号的后四位。")
	case order != "":
		sc.Ask(number(tail), src, "为了保护您的信息，请再说一下下单手机号的后四位。")
	default:
		sc.Ask(number(), src, "请告诉我下单的手机号，或者订单号。")
	}
	sc.Set("fresh", "")
	return dialog.Wait, nil
}

// noNumber says that a number cannot be given.
var noNumber = regexp.MustCompile(`(?:没有?|找不到|不知道|不记得|记不得|忘了?|想不起|查不到|看不到)[^，。]{0,4}(?:号|单|手机|电话)|(?:号|单|手机|电话)[^，。]{0,4}(?:没有|找不到|不知道|不记得|记不得|忘|想不起|查不到|看不到)|^(?:真的|我)?(?:都)?(?:不知道|不记得|记不得|忘了|找不到|没有)`)

// wayOut tells once where the number is to be found; who has none then is for a
// person.
func wayOut(sc *dialog.Scene) dialog.Verdict {
	if sc.Slot("helped") != "" {
		sc.Say(itself("identify"), "没关系，给您转人工客服核实。")
		sc.HandOff(dialog.HandOff{Reason: "not identified", Summary: sc.Summary(), NextStep: "identify the caller"})
		return dialog.Finish
	}
	sc.Set("helped", "yes")
	sc.Ask(number(), itself("identify"), "订单页面里能看到订单号，找到了念给我就行。找不到也没关系，我给您转人工客服。")
	return dialog.Wait
}

// collect keeps the numbers that the turn brings.
func collect(ctx context.Context, sc *dialog.Scene) error {
	for _, e := range sc.Heard.Entities {
		switch e.Kind {
		case nlu.Phone:
			if sc.Answering && sc.Slot("phone") != e.Value { // another number in place of the first
				sc.Set("phone", "")
			}
			keep(sc, "phone", e.Value)
		case nlu.Number:
			o, err := orderOf(ctx, sc, e.Value)
			if errors.Is(err, shop.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if sc.Slot("phone") == "" { // not a mere proof: it says what this is about
				sc.Set(aboutOrder, o.ID)
			}
			keep(sc, "order", o.ID)
		case nlu.Tail:
			if sc.Slot("phone") != "" && sc.Slot("order") == "" {
				keep(sc, "order", e.Value)
			} else if sc.Slot("order") != "" && sc.Slot("phone") == "" {
				keep(sc, "phone", e.Value)
			}
		}
	}
	return nil
}

// digitRun are digits that stand together.
var digitRun = regexp.MustCompile(`[0-9]+`)

// almostPhone counts the digits of what begins like a mobile number and has some
// too few or too many; 0 for anything else.
func almostPhone(said string) int {
	run := digitRun.FindString(strings.ReplaceAll(said, " ", ""))
	if n := len(run); strings.HasPrefix(run, "1") && n >= mobile-3 && n <= mobile+2 && n != mobile {
		return n
	}
	return 0
}

// keep fills a slot and notes that the turn brought something.
func keep(sc *dialog.Scene, slot, value string) {
	if sc.Slot(slot) == "" {
		sc.Set(slot, value)
		sc.Set("fresh", "yes")
	}
}

// orderOf finds an order by its own number or that of its parcel.
func orderOf(ctx context.Context, sc *dialog.Scene, number string) (shop.Order, error) {
	o, err := sc.Shop.Order(ctx, number)
	if !errors.Is(err, shop.ErrNotFound) {
		return o, err
	}
	p, err := sc.Shop.Parcel(ctx, number)
	if err != nil {
		return shop.Order{}, err
	}
	return sc.Shop.Order(ctx, p.Order)
}

// aboutOrder is the slot for an order that was named by its whole number
// before the caller was known.
const aboutOrder = "about-order"

// tail is how many digits the second number needs, mobile how many the number
// of a mobile phone has.
const tail, mobile = 4, 11

// match checks the two numbers against each other.
func match(ctx context.Context, sc *dialog.Scene, phone, order string) (dialog.Verdict, error) {
	o, err := find(ctx, sc, phone, order)
	if errors.Is(err, shop.ErrNotFound) {
		sc.Set("phone", "")
		sc.Set("order", "")
		if sc.Tries() > 0 {
			sc.Say(itself("identify"), "还是没有对上，给您转人工客服核实。")
			sc.HandOff(dialog.HandOff{Reason: "not identified", Summary: sc.Summary(), NextStep: "identify the caller"})
			return dialog.Finish, nil
		}
		sc.Missed()
		sc.Ask(number(mobile), itself("identify"), "手机号和订单号没有对上，请再说一次下单的手机号。")
		return dialog.Wait, nil
	}
	if err != nil {
		return dialog.Finish, err
	}
	sc.State.Caller = dialog.Caller{Customer: o.Customer, Phone: sc.State.Caller.Phone, Known: true}
	sc.State.Order = o.ID
	return dialog.Continue, nil
}

// find returns the order that both numbers lead to, or shop.ErrNotFound.
func find(ctx context.Context, sc *dialog.Scene, phone, order string) (shop.Order, error) {
	if len(order) >= fullOrder {
		o, err := sc.Shop.Order(ctx, order)
		if err != nil {
			return shop.Order{}, err
		}
		c, err := sc.Shop.Customer(ctx, o.Customer)
		if err != nil || len(phone) < tail || !strings.HasSuffix(c.Phone, phone) {
			return shop.Order{}, errors.Join(shop.ErrNotFound, err)
		}
		return o, nil
	}
	c, err := sc.Shop.CustomerByPhone(ctx, phone)
	if err != nil {
		return shop.Order{}, err
	}
	orders, err := sc.Shop.OrdersOf(ctx, c.ID)
	if err != nil {
		return shop.Order{}, err
	}
	for _, o := range orders {
		if len(order) >= tail && strings.HasSuffix(o.ID, order) {
			return o, nil
		}
	}
	return shop.Order{}, shop.ErrNotFound
}

// fullOrder is the least length of a whole order number.
const fullOrder = 8
