package tool

import (
	"context"
	"errors"
	"slices"

	"waggle/dialog/fact"
	"waggle/dialog/nlu/division"
	"waggle/shop"
	"waggle/shop/offer"
)

// quotes are the reads that calculate.
func quotes() []Tool {
	return []Tool{
		{Name: "quote", Effect: Read, Open: true, Description: "What a number of pieces of a product costs after promotions and the customer's coupons.",
			Params: []Param{productParam(), countParam(), optional(Param{Name: "and", Description: "another product that is bought with it", Type: Words})}, Returns: quoteSchema(), run: quote},
		{Name: "make_up", Effect: Read, Open: true, Description: "What to add to a product to reach the next discount, cheapest first.",
			Params: []Param{productParam(), countParam()},
			Returns: fact.Schema{"rule": {Kind: fact.Text}, "lack": {Kind: fact.Money}, "more": {Kind: fact.Money}, "items": {Kind: fact.List},
				"cost": {Kind: fact.Money}, "total": {Kind: fact.Money}, "working": {Kind: fact.Text}, "now": {Kind: fact.Money}}, run: makeUp},
		{Name: "list_promotions", Effect: Read, Open: true, Description: "The promotions that hold now.",
			Returns: fact.Schema{"names": {Kind: fact.List}}, run: listPromotions},
		{Name: "list_coupons", Effect: Read, Description: "The customer's coupons, and those that may be claimed; the facts are those of the one that is named.",
			Params: []Param{optional(words("words", "which coupon"))}, Returns: couponSchema(), run: listCoupons},
		{Name: "subsidy_quote", Effect: Read, Open: true, Description: "What a public subsidy gives for a product, at the customer's address or in a place that is named.",
			Params: []Param{productParam(), optional(words("place", "province or city"))},
			Returns: fact.Schema{"subsidy": {Kind: fact.Text}, "amount": {Kind: fact.Money}, "price": {Kind: fact.Money}, "percent": {Kind: fact.Count},
				"working": {Kind: fact.Text}, "trade_in": {Kind: fact.Flag}, "why": {Kind: fact.Text, Of: []string{"", "region", "used-up", "late", "exempt"}}}, run: subsidy},
		{Name: "freight", Effect: Read, Open: true, Description: "What shipping costs, at the customer's address or to a place that is named.",
			Params:  []Param{optional(words("place", "province or city"))},
			Returns: fact.Schema{"place": {Kind: fact.Text}, "remote": {Kind: fact.Flag}, "fee": {Kind: fact.Money}, "rule": {Kind: fact.Text}}, run: freight},
		{Name: "membership", Effect: Read, Description: "The customer's member level, points, and what they are worth.",
			Returns: fact.Schema{"level": {Kind: fact.Text}, "points": {Kind: fact.Count}, "worth": {Kind: fact.Money}, "per_yuan": {Kind: fact.Count}}, run: membership},
		{Name: "check_stock", Effect: Read, Open: true, Description: "How many pieces of a colour and size are in stock.",
			Params: []Param{productParam(), optional(words("colour", "the colour")), optional(words("size", "the size"))},
			Returns: fact.Schema{"name": {Kind: fact.Text}, "variant": {Kind: fact.Text}, "stock": {Kind: fact.Count}, "sold": {Kind: fact.Flag},
				"restock": {Kind: fact.Time}}, run: checkStock},
		{Name: "presale_bill", Effect: Read, Description: "How an order that is paid in two parts stands.", Params: []Param{orderParam()},
			Returns: fact.Schema{"state": {Kind: fact.Text, Of: []string{"", "deposit", "wait", "due", "late", "paid"}}, "balance": {Kind: fact.Money},
				"from": {Kind: fact.Time}, "until": {Kind: fact.Time}, "working": {Kind: fact.Text}}, run: presale},
		presaleTool(),
	}
}

func quoteSchema() fact.Schema {
	return fact.Schema{"goods": {Kind: fact.Money}, "off": {Kind: fact.Money}, "shipping": {Kind: fact.Money}, "total": {Kind: fact.Money},
		"discounts": {Kind: fact.List}, "working": {Kind: fact.Text}, "count": {Kind: fact.Count}}
}

// cart makes a cart of the product of the call.
func (s *scope) cart(ctx context.Context) (offer.Cart, offer.Rules, error) {
	c := offer.Cart{Items: []offer.Item{{Product: s.product, Count: max(s.whole("count"), 1)}}, At: s.Now}
	r := offer.Rules{Policy: s.policy}
	if id := s.Args["and"]; id != "" {
		p, err := s.shop.Product(ctx, id)
		if err != nil {
			return c, r, err
		}
		c.Items = append(c.Items, offer.Item{Product: p, Count: 1})
	}
	var err error
	if r.Promotions, err = s.shop.Promotions(ctx); err != nil || !s.Caller.Known {
		return c, r, err
	}
	who, err := s.shop.Customer(ctx, s.Caller.Customer)
	if err != nil {
		return c, r, err
	}
	c.Member, c.To = who.Level != "", who.Address
	r.Coupons, err = s.shop.Coupons(ctx, who.ID)
	return c, r, err
}

func quote(ctx context.Context, s *scope) (Result, error) {
	c, r, err := s.cart(ctx)
	if err != nil {
		return Result{}, err
	}
	q, err := offer.Price(c, r)
	if err != nil {
		return Result{}, err
	}
	var names []string
	for _, d := range q.Discounts {
		names = append(names, d.Name)
	}
	return Result{Kind: "quote", ID: s.product.ID, Facts: fact.Record{"goods": fact.OfMoney(q.Goods), "off": fact.OfMoney(q.Off()),
		"shipping": fact.OfMoney(q.Shipping), "total": fact.OfMoney(q.Total), "discounts": fact.OfList(names),
		"working": fact.OfText(q.Working.String()), "count": fact.OfCount(c.Items[0].Count)}}, nil
}

// mostGoods bounds what make_up chooses from.
const mostGoods = 400

func makeUp(ctx context.Context, s *scope) (Result, error) {
	c, r, err := s.cart(ctx)
	if err != nil {
		return Result{}, err
	}
	q, err := offer.Price(c, r)
	if err != nil {
		return Result{}, err
	}
	out := Result{Kind: "quote", ID: s.product.ID, Facts: fact.Record{"now": fact.OfMoney(q.Total)}}
	at := slices.IndexFunc(q.Missed, func(m offer.Missed) bool { return m.Rule != "" && m.Lack > 0 })
	if at < 0 {
		return out, nil
	}
	m := q.Missed[at]
	out.Facts["rule"], out.Facts["lack"], out.Facts["more"] = fact.OfText(m.Name), fact.OfMoney(m.Lack), fact.OfMoney(m.More)
	goods, err := s.shop.Search(ctx, "", mostGoods)
	if err != nil {
		return Result{}, err
	}
	sets, err := offer.Complete(c, r, m, goods, []string{s.product.ID}, 3)
	if errors.Is(err, offer.ErrNothing) {
		return out, nil
	}
	if err != nil {
		return Result{}, err
	}
	best := sets[0]
	for _, x := range sets { // what suits the goods is worth a little more
		if x.Related && !best.Related {
			best = x
		}
	}
	var names []string
	for _, it := range best.Items {
		names = append(names, it.Product.Name)
	}
	out.Facts["items"], out.Facts["cost"] = fact.OfList(names), fact.OfMoney(best.Cost)
	out.Facts["total"], out.Facts["working"] = fact.OfMoney(best.Quote.Total), fact.OfText(best.Quote.Working.String())
	return out, nil
}

func listPromotions(ctx context.Context, s *scope) (Result, error) {
	list, err := s.shop.Promotions(ctx)
	if err != nil {
		return Result{}, err
	}
	var names []string
	for _, p := range list {
		if p.Holds(s.Now) {
			names = append(names, p.Name)
		}
	}
	return Result{Kind: "policy", ID: "promotions", Facts: fact.Record{"names": fact.OfList(names)}}, nil
}

func listCoupons(ctx context.Context, s *scope) (Result, error) {
	held, err := s.shop.Coupons(ctx, s.Caller.Customer)
	if err != nil {
		return Result{}, err
	}
	open, err := s.shop.Coupons(ctx, "")
	if err != nil {
		return Result{}, err
	}
	out := Result{Kind: "coupon", ID: s.Caller.Customer, Facts: fact.Record{}}
	var names, offered []string
	for _, c := range held {
		out.Rows = append(out.Rows, couponRecord(c))
		if c.Holds(s.Now) {
			names = append(names, c.Name+terms(c))
		}
		if named(s.Args["words"], c.Name) || len(held) == 1 {
			out.ID, out.Facts = c.ID, couponRecord(c)
		}
	}
	for _, c := range open {
		if c.Holds(s.Now) {
			offered = append(offered, c.Name)
		}
	}
	out.Facts["held"], out.Facts["usable"] = fact.OfCount(len(held)), fact.OfCount(len(names))
	out.Facts["names"], out.Facts["offered"] = fact.OfList(names), fact.OfList(offered)
	return out, nil
}

func subsidy(ctx context.Context, s *scope) (Result, error) {
	table, err := s.shop.Subsidies(ctx)
	if err != nil {
		return Result{}, err
	}
	to, used, err := s.where(ctx)
	if err != nil {
		return Result{}, err
	}
	got, err := offer.Subsidy(table, s.product, s.product.Price, to, used, s.Now)
	out := Result{Kind: "subsidy", ID: s.product.ID, Facts: fact.Record{"amount": fact.OfMoney(0), "why": fact.OfText("")}}
	switch {
	case errors.Is(err, offer.ErrRegion):
		out.Facts["why"] = fact.OfText("region")
	case errors.Is(err, offer.ErrUsedUp):
		out.Facts["why"] = fact.OfText("used-up")
	case errors.Is(err, offer.ErrTooLate):
		out.Facts["why"] = fact.OfText("late")
	case errors.Is(err, offer.ErrExempt):
		out.Facts["why"] = fact.OfText("exempt")
	case err != nil:
		return Result{}, err
	default:
		out.ID = got.Rule.ID
		out.Facts = fact.Record{"subsidy": fact.OfText(got.Rule.Name), "amount": fact.OfMoney(got.Amount), "price": fact.OfMoney(got.Price),
			"percent": fact.OfCount(got.Percent), "working": fact.OfText(got.Working.String()), "trade_in": fact.OfFlag(got.Rule.TradeIn), "why": fact.OfText("")}
	}
	return out, nil
}

// where is the place of delivery and what the person has had already.
func (s *scope) where(ctx context.Context) (to shop.Address, used map[string]int, err error) {
	if s.Caller.Known {
		who, err := s.shop.Customer(ctx, s.Caller.Customer)
		if err != nil {
			return to, nil, err
		}
		orders, err := s.shop.OrdersOf(ctx, who.ID)
		if err != nil {
			return to, nil, err
		}
		to, used = who.Address, offer.Used(orders)
	}
	if p := s.Args["place"]; p != "" {
		to = shop.Address{Province: p, City: p}
		if at, ok := division.Destination(p, false); ok {
			to.Province, to.City = at.Province, at.City
		}
	}
	return to, used, nil
}

// freight is what shipping costs below the amount from which it is free.
func freight(ctx context.Context, s *scope) (Result, error) {
	to, _, err := s.where(ctx)
	if err != nil {
		return Result{}, err
	}
	p := s.policy
	remote := slices.Contains(p.Remote, to.Province)
	rule := "满" + p.FreeShipping.String() + "元包邮"
	fee := p.ShippingFee
	switch {
	case remote:
		fee, rule = p.RemoteFee, "不包邮"
	case fee > 0:
		rule += "，不满的运费" + fee.String() + "元"
	}
	return Result{Kind: "policy", ID: "freight", Facts: fact.Record{"place": fact.OfText(to.Province), "remote": fact.OfFlag(remote),
		"fee": fact.OfMoney(fee), "rule": fact.OfText(rule)}}, nil
}

func membership(ctx context.Context, s *scope) (Result, error) {
	who, err := s.shop.Customer(ctx, s.Caller.Customer)
	if err != nil {
		return Result{}, err
	}
	r := fact.Record{"level": fact.OfText(who.Level), "points": fact.OfCount(who.Points), "per_yuan": fact.OfCount(s.policy.PointsPerYuan)}
	if n := s.policy.PointsOfYuan; n > 0 {
		r["worth"] = fact.OfMoney(shop.Fen(who.Points) * 100 / shop.Fen(n))
	}
	return Result{Kind: "customer", ID: who.ID, Facts: r}, nil
}

func checkStock(_ context.Context, s *scope) (Result, error) {
	colour, size := s.variant(shop.Line{}, s.product)
	n, sold := s.product.StockOf(colour, size)
	return Result{Kind: "product", ID: s.product.ID, Facts: fact.Record{"name": fact.OfText(s.product.Name), "variant": fact.OfText(s.wanted()),
		"stock": fact.OfCount(n), "sold": fact.OfFlag(sold), "restock": fact.OfTime(s.product.Restock)}}, nil
}
