package nlu

// onlyTold tells whether an intent asks for facts or advice.
func onlyTold(i Intent) bool {
	switch i {
	case Parcel, OrderStatus, RefundProgress, CourierChoice, ShippingFee, ReturnShipping, PriceProtection, Matching, Gift, Recommend,
		Authentic, Restock, MakeupItems, Subsidy, PresaleBalance, Bulk, Invoice:
		return true
	}
	return manyAsked(i)
}

// goingBack are intents after which freight is that of the way back.
var goingBack = []Intent{Return, Exchange, Refund}

// oneQuestion tells that two intents side by side often are one question in two
// breaths: a gift that is to be recommended, the price of a hundred.
func oneQuestion(a, b Intent) bool {
	for _, pair := range [][2]Intent{
		{Gift, Recommend}, {Bulk, Price}, {Restock, Stock}, {Refund, CancelOrder}, {ShippingFee, Price}, {Parcel, OrderStatus},
	} {
		if pair == [2]Intent{a, b} || pair == [2]Intent{b, a} {
			return true
		}
	}
	return false
}

// manyAsked tells whether two questions of one intent are two: of what is only
// told, two attributes or two rules are.
func manyAsked(i Intent) bool {
	switch i {
	case ProductQuestion, Usage, Policy, Price, Stock, Coupon, Membership, Warranty, ShippingFee, Promotion, Pay, Size, Compare:
		return true
	}
	return false
}
