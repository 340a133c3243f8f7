package tool

import (
	"waggle/dialog/fact"
	"waggle/shop"
)

// The schemas of the records that flows and tools speak of.

// OrderSchema has the facts of OrderRecord.
func OrderSchema() fact.Schema {
	return fact.Schema{
		"id": {Kind: fact.Digits}, "tail": {Kind: fact.Digits}, "name": {Kind: fact.Text},
		"state": {Kind: fact.Text, Of: texts(shop.States())}, "total": {Kind: fact.Money}, "shipping": {Kind: fact.Money},
		"lines": {Kind: fact.Count}, "pieces": {Kind: fact.Count}, "product": {Kind: fact.Text}, "variant": {Kind: fact.Text},
		"items": {Kind: fact.List}, "address": {Kind: fact.Text}, "province": {Kind: fact.Text}, "city": {Kind: fact.Text},
		"district": {Kind: fact.Text}, "note": {Kind: fact.Text}, "tracking": {Kind: fact.Digits},
		"created": {Kind: fact.Time}, "paid": {Kind: fact.Time}, "ship_by": {Kind: fact.Time}, "shipped": {Kind: fact.Time},
		"signed": {Kind: fact.Time}, "hurried": {Kind: fact.Time},
		"presale": {Kind: fact.Flag}, "deposit": {Kind: fact.Money}, "balance": {Kind: fact.Money},
		"pay_from": {Kind: fact.Time}, "pay_until": {Kind: fact.Time}, "balance_paid": {Kind: fact.Time},
	}
}

// OrderRecord states an order; product and variant are those of its first line.
func OrderRecord(o shop.Order) fact.Record {
	r := fact.Record{
		"id": fact.OfDigits(o.ID), "tail": fact.OfDigits(o.Tail()), "name": fact.OfText(o.Name()),
		"state": fact.OfText(string(o.State)), "total": fact.OfMoney(o.Total), "shipping": fact.OfMoney(o.Shipping),
		"lines": fact.OfCount(len(o.Lines)), "address": fact.OfText(o.Address.String()), "province": fact.OfText(o.Address.Province),
		"city": fact.OfText(o.Address.City), "district": fact.OfText(o.Address.District), "note": fact.OfText(o.Note),
		"tracking": fact.OfDigits(o.Tracking), "created": fact.OfTime(o.Created), "paid": fact.OfTime(o.Paid),
		"ship_by": fact.OfTime(o.ShipBy), "shipped": fact.OfTime(o.Shipped), "signed": fact.OfTime(o.Signed),
		"hurried": fact.OfTime(o.Hurried), "presale": fact.OfFlag(o.Presale != nil),
	}
	pieces, items := 0, []string{}
	for _, l := range o.Lines {
		pieces += l.Count
		items = append(items, l.Name)
	}
	r["pieces"], r["items"] = fact.OfCount(pieces), fact.OfList(items)
	if len(o.Lines) > 0 {
		r["product"], r["variant"] = fact.OfText(o.Lines[0].Product), fact.OfText(o.Lines[0].Variant)
	}
	if p := o.Presale; p != nil {
		r["deposit"], r["balance"] = fact.OfMoney(p.Deposit), fact.OfMoney(p.Balance)
		r["pay_from"], r["pay_until"], r["balance_paid"] = fact.OfTime(p.PayFrom), fact.OfTime(p.PayUntil), fact.OfTime(p.BalancePaid)
	}
	return r
}

// ParcelSchema has the facts of ParcelRecord.
func ParcelSchema() fact.Schema {
	return fact.Schema{
		"tracking": {Kind: fact.Digits}, "tail": {Kind: fact.Digits}, "courier": {Kind: fact.Text},
		"state": {Kind: fact.Text, Of: []string{string(shop.ParcelAccepted), string(shop.ParcelTransit), string(shop.ParcelDelivering),
			string(shop.ParcelLocker), string(shop.ParcelSigned), string(shop.ParcelDelayed)}},
		"due": {Kind: fact.Time}, "pickup": {Kind: fact.Digits}, "last": {Kind: fact.Text}, "last_at": {Kind: fact.Time}, "place": {Kind: fact.Text},
	}
}

// ParcelRecord states a parcel.
func ParcelRecord(p shop.Parcel) fact.Record {
	r := fact.Record{
		"tracking": fact.OfDigits(p.Tracking), "tail": fact.OfDigits(p.Tail()), "courier": fact.OfText(p.Courier),
		"state": fact.OfText(string(p.State)), "due": fact.OfTime(p.Due), "pickup": fact.OfDigits(p.Pickup),
	}
	if last, ok := p.Last(); ok {
		r["last"], r["last_at"], r["place"] = fact.OfText(last.Text), fact.OfTime(last.At), fact.OfText(last.Place)
	}
	return r
}

// ProductSchema has the facts of ProductRecord.
func ProductSchema() fact.Schema {
	return fact.Schema{
		"id": {Kind: fact.Text}, "name": {Kind: fact.Text}, "title": {Kind: fact.Text}, "category": {Kind: fact.Text}, "kind": {Kind: fact.Text},
		"price": {Kind: fact.Money}, "member_price": {Kind: fact.Money}, "stock": {Kind: fact.Count},
		"colours": {Kind: fact.List}, "sizes": {Kind: fact.List}, "restock": {Kind: fact.Time}, "presale": {Kind: fact.Flag},
		"attributes": {Kind: fact.List},
	}
}

// ProductRecord states a product.
func ProductRecord(p shop.Product) fact.Record {
	attributes := make([]string, len(p.Attributes))
	for i, a := range p.Attributes {
		attributes[i] = a.Name + "：" + a.Value
	}
	r := fact.Record{
		"id": fact.OfText(p.ID), "name": fact.OfText(p.Name), "title": fact.OfText(p.Title), "category": fact.OfText(p.Category),
		"kind": fact.OfText(p.Kind), "price": fact.OfMoney(p.Price), "stock": fact.OfCount(p.Stock), "colours": fact.OfList(p.Colours),
		"sizes": fact.OfList(p.Sizes), "restock": fact.OfTime(p.Restock), "presale": fact.OfFlag(p.Presale != nil),
		"attributes": fact.OfList(attributes),
	}
	if p.MemberPrice > 0 {
		r["member_price"] = fact.OfMoney(p.MemberPrice)
	}
	return r
}

// RefundSchema has the facts of RefundRecord.
func RefundSchema() fact.Schema {
	return fact.Schema{
		"id":     {Kind: fact.Text},
		"kind":   {Kind: fact.Text, Of: texts(shop.RefundKinds())},
		"state":  {Kind: fact.Text, Of: texts([]shop.RefundState{shop.RefundOpen, shop.RefundDone, shop.RefundRejected, shop.RefundWithdrawn})},
		"amount": {Kind: fact.Money}, "opened": {Kind: fact.Time}, "done": {Kind: fact.Time}, "reason": {Kind: fact.Text},
	}
}

// RefundRecord states a refund.
func RefundRecord(r shop.Refund) fact.Record {
	return fact.Record{
		"id": fact.OfText(r.ID), "kind": fact.OfText(string(r.Kind)), "state": fact.OfText(string(r.State)), "reason": fact.OfText(r.Reason),
		"amount": fact.OfMoney(r.Amount), "opened": fact.OfTime(r.Opened), "done": fact.OfTime(r.Done),
	}
}

// PolicySchema has the facts of PolicyRecord.
func PolicySchema() fact.Schema {
	return fact.Schema{
		"shop_name": {Kind: fact.Text}, "robot": {Kind: fact.Text}, "hours": {Kind: fact.Text}, "return_days": {Kind: fact.Count},
		"quality_days": {Kind: fact.Count}, "refund_max": {Kind: fact.Money}, "refund_arrives": {Kind: fact.Text}, "ship_within": {Kind: fact.Text},
		"ticket_within": {Kind: fact.Text}, "free_shipping": {Kind: fact.Money}, "shipping_fee": {Kind: fact.Money}, "remote_fee": {Kind: fact.Money},
		"remote": {Kind: fact.List}, "no_return": {Kind: fact.List}, "price_days": {Kind: fact.Count}, "pay_hours": {Kind: fact.Count},
		"not_received_hours": {Kind: fact.Count}, "points_per_yuan": {Kind: fact.Count}, "points_of_yuan": {Kind: fact.Count},
		"shop_pays_quality_freight": {Kind: fact.Flag}, "vip_to_person": {Kind: fact.Flag}, "freight_insured": {Kind: fact.Money},
	}
}

// PolicyRecord states the shop's rules.
func PolicyRecord(p shop.Policy) fact.Record {
	return fact.Record{
		"shop_name": fact.OfText(p.ShopName), "robot": fact.OfText(p.Robot), "hours": fact.OfText(p.Hours), "return_days": fact.OfCount(p.ReturnDays),
		"quality_days": fact.OfCount(p.QualityDays), "refund_max": fact.OfMoney(p.RefundMax), "refund_arrives": fact.OfText(p.RefundArrives),
		"ship_within": fact.OfText(p.ShipWithin), "ticket_within": fact.OfText(p.TicketWithin), "free_shipping": fact.OfMoney(p.FreeShipping),
		"shipping_fee": fact.OfMoney(p.ShippingFee), "remote_fee": fact.OfMoney(p.RemoteFee), "remote": fact.OfList(p.Remote),
		"no_return": fact.OfList(p.NoReturn), "price_days": fact.OfCount(p.PriceDays), "pay_hours": fact.OfCount(p.PayHours),
		"not_received_hours": fact.OfCount(p.NotReceivedHours), "points_per_yuan": fact.OfCount(p.PointsPerYuan),
		"points_of_yuan": fact.OfCount(p.PointsOfYuan), "shop_pays_quality_freight": fact.OfFlag(p.Freight(true) == shop.PayerShop),
		"vip_to_person": fact.OfFlag(p.VIPToPerson), "freight_insured": fact.OfMoney(p.ReturnFreight.Insured),
	}
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
