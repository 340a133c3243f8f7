package nlu

// Intents lists every intent that a turn can have, in the order in which they
// are declared; None is not among them.
func Intents() []Intent {
	return []Intent{
		Parcel, OrderStatus, Hurry, CancelOrder, Return, Refund, RefundProgress, Exchange, Damaged, Missing, WrongItem,
		ColourDiffers, AddressChange, Invoice, ProductQuestion, Price, Stock, Size, Promotion, Policy, Pay, Complaint, Human,
		Greeting, Goodbye, Thanks, Yes, No, Never, Repeat, Slower, Faster, Robot, Busy, DoNotCall, WrongPerson, NoRecording,
		Chat, Insult, Other, NotReceived, DeliveryTime, RejectParcel, CourierChoice, ShippingFee, ReturnShipping, ModifyOrder,
		WithdrawRefund, PriceProtection, Coupon, MakeupItems, Subsidy, PresaleBalance, Bulk, Membership, Matching, Gift,
		Recommend, Compare, Usage, Warranty, Authentic, Restock, FindByPhoto, Dispute, Privacy, Wait,
	}
}
