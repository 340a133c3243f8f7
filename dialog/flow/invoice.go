package flow

import (
	"context"
	"regexp"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// invoice issues an electronic invoice to a person or a company.
func invoice() dialog.Flow {
	return dialog.Flow{
		Name:    "invoice",
		Intents: []nlu.Intent{nlu.Invoice},
		Steps: []dialog.Step{
			whichOrder(inState(shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned)),
			check(canInvoice),
			ask("title", askTitle, readTitle),
			askTaxID,
			confirm(readInvoice, func(sc *dialog.Scene) bool {
				t := readTitle(sc)
				if t == "" || t == sc.Slot("title") {
					return false
				}
				sc.Set("title", t)
				return true
			}),
			act(doInvoice),
		},
	}
}

func canInvoice(ctx context.Context, sc *dialog.Scene) (bool, error) {
	o, err := focus(ctx, sc)
	if err != nil {
		return false, err
	}
	if inState(shop.StateToPay, shop.StateCancelled, shop.StateRefunded, shop.StateRefunding)(o) {
		sayState(sc, o)
		sc.Detail(fromOrder(o), "这个订单现在不能开发票。")
		return false, nil
	}
	return true, nil
}

func askTitle(sc *dialog.Scene) {
	sc.Ask(oneOf("个人", "公司"), itself("invoice"), "发票抬头开个人，还是开公司？开公司请说全称。")
}

// person is the title of an invoice to a person.
const person = "个人"

// readTitle finds 个人 or the full name of a company.
func readTitle(sc *dialog.Scene) string {
	t := sc.Heard.Text
	if i := strings.LastIndex(t, "公司"); i >= 0 {
		name := companyLead.ReplaceAllString(t[:i]+"公司", "")
		if cut := strings.LastIndex(name, "，"); cut >= 0 {
			name = name[cut+len("，"):]
		}
		if len([]rune(name)) >= shortestCompany {
			return name
		}
	}
	if strings.Contains(t, person) || sc.Answering && sounds(t, []string{"我自己", "自己", "不要公司", "我本人"}) {
		return person
	}
	return ""
}

// companyLead is what people say before the name of their company.
var companyLead = regexp.MustCompile(`^.*(?:抬头是|抬头写|抬头开|抬头|名称是|名字是|全称是|叫做|叫|开给|开|写|是)`)

// shortestCompany is the least length of a company's full name.
const shortestCompany = 6

// askTaxID asks a company for its number; a person has none.
func askTaxID(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if sc.Slot("title") == person {
		return dialog.Continue, nil
	}
	return ask("tax", func(sc *dialog.Scene) {
		sc.Ask(number(), itself("invoice"), "请告诉我公司的税号。")
	}, readTaxID)(ctx, sc)
}

// taxID is a unified social credit code (GB 32100) or an older tax number.
var taxID = regexp.MustCompile(`(?i)(?:^|[^0-9a-z])([0-9a-z]{18}|[0-9]{15}|[0-9]{20})(?:[^0-9a-z]|$)`)

func readTaxID(sc *dialog.Scene) string {
	if m := taxID.FindStringSubmatch(sc.Heard.Text); m != nil {
		return strings.ToUpper(m[1])
	}
	return ""
}

func readInvoice(ctx context.Context, sc *dialog.Scene) error {
	o, err := focus(ctx, sc)
	if err != nil {
		return err
	}
	sc.Ask(yesNo(), fromOrder(o), "为%s的订单开%s的发票，抬头%s，确认吗？", text(o.Name()), money(o.Total), text(sc.Slot("title")))
	return nil
}

func doInvoice(ctx context.Context, sc *dialog.Scene) error {
	v, err := sc.Shop.Invoice(ctx, sc.Key("invoice"), shop.InvoiceRequest{
		Order: sc.State.Order, Title: sc.Slot("title"), TaxID: sc.Slot("tax"),
	})
	if err != nil {
		return err
	}
	src := dialog.Source{Kind: "invoice", ID: v.ID}
	sc.Say(src, "电子发票开好了，金额%s，在订单页面可以下载。", money(v.Amount))
	return nil
}
