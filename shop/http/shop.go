package shophttp

import (
	"context"
	"net/url"
	"strconv"

	"waggle/shop"
)

var _ shop.Shop = (*Client)(nil)

// list is how the contract wraps arrays.
type list[T any] struct {
	Items []T `json:"items"`
}

// Customer finds a person by id.
func (c *Client) Customer(ctx context.Context, id string) (shop.Customer, error) {
	return do(ctx, c, get("customers", id), sameCustomer(id))
}

// CustomerByPhone finds a person by phone number.
func (c *Client) CustomerByPhone(ctx context.Context, phone string) (shop.Customer, error) {
	q := get("customer-by-phone")
	q.query = url.Values{"phone": {phone}}
	return do(ctx, c, q, goodCustomer)
}

// Order finds an order by its number.
func (c *Client) Order(ctx context.Context, id string) (shop.Order, error) {
	return do(ctx, c, get("orders", id), sameOrder(id))
}

// OrdersOf lists a customer's orders, the newest first.
func (c *Client) OrdersOf(ctx context.Context, customer string) ([]shop.Order, error) {
	l, err := do(ctx, c, get("customers", customer, "orders"), each(orderOf(customer)))
	return l.Items, err
}

// Cancel cancels an order.
func (c *Client) Cancel(ctx context.Context, key shop.Key, order, reason string) (shop.Order, error) {
	return do(ctx, c, write(key, reasonBody{reason}, "orders", order, "cancel"), sameOrder(order))
}

type reasonBody struct {
	Reason string `json:"reason"`
}

// ChangeAddress sends an order elsewhere.
func (c *Client) ChangeAddress(ctx context.Context, key shop.Key, order string, to shop.Address) (shop.Order, error) {
	return do(ctx, c, write(key, to, "orders", order, "address"), sameOrder(order))
}

// Hurry presses for an order to be shipped.
func (c *Client) Hurry(ctx context.Context, key shop.Key, order string) (shop.Order, error) {
	return do(ctx, c, write(key, struct{}{}, "orders", order, "hurry"), sameOrder(order))
}

// Parcel finds a parcel by its tracking number.
func (c *Client) Parcel(ctx context.Context, tracking string) (shop.Parcel, error) {
	return do(ctx, c, get("parcels", tracking), sameParcel(tracking))
}

// Product finds a product by id.
func (c *Client) Product(ctx context.Context, id string) (shop.Product, error) {
	return do(ctx, c, get("products", id), sameProduct(id))
}

// Search ranks products by words; without words it lists the catalogue.
func (c *Client) Search(ctx context.Context, words string, limit int) ([]shop.Product, error) {
	q := get("products")
	q.query = url.Values{"q": {words}, "limit": {strconv.Itoa(limit)}}
	l, err := do(ctx, c, q, each(goodProduct))
	return l.Items[:min(len(l.Items), max(limit, 0))], err
}

// OpenRefund opens a refund, return or exchange.
func (c *Client) OpenRefund(ctx context.Context, key shop.Key, r shop.RefundRequest) (shop.Refund, error) {
	return do(ctx, c, write(key, r, "refunds"), sameRefund(r))
}

// RefundsOf lists the refunds of an order, the oldest first.
func (c *Client) RefundsOf(ctx context.Context, order string) ([]shop.Refund, error) {
	l, err := do(ctx, c, get("orders", order, "refunds"), each(refundOf(order)))
	return l.Items, err
}

// Invoice issues an invoice.
func (c *Client) Invoice(ctx context.Context, key shop.Key, r shop.InvoiceRequest) (shop.Invoice, error) {
	return do(ctx, c, write(key, r, "invoices"), sameInvoice(r))
}

// OpenTicket hands a case to the people of the shop.
func (c *Client) OpenTicket(ctx context.Context, key shop.Key, t shop.TicketRequest) (shop.Ticket, error) {
	return do(ctx, c, write(key, t, "tickets"), goodTicket)
}

// TicketsOf lists a customer's tickets, the oldest first.
func (c *Client) TicketsOf(ctx context.Context, customer string) ([]shop.Ticket, error) {
	l, err := do(ctx, c, get("customers", customer, "tickets"), each(ticketOf(customer)))
	return l.Items, err
}

// Policy returns the rules of the shop.
func (c *Client) Policy(ctx context.Context) (shop.Policy, error) {
	return do(ctx, c, get("policy"), goodPolicy)
}

// Articles returns the question base.
func (c *Client) Articles(ctx context.Context) ([]shop.Article, error) {
	l, err := do(ctx, c, get("articles"), each(goodArticle))
	return l.Items, err
}

// Modify changes a line of an order that was not shipped.
func (c *Client) Modify(ctx context.Context, key shop.Key, order string, m shop.Modification) (shop.Order, error) {
	return do(ctx, c, write(key, m, "orders", order, "modify"), modifiedOrder(order, m))
}

// Instruct leaves a note for the courier.
func (c *Client) Instruct(ctx context.Context, key shop.Key, order, note string) (shop.Order, error) {
	return do(ctx, c, write(key, noteBody{note}, "orders", order, "instruct"), sameOrder(order))
}

type noteBody struct {
	Note string `json:"note"`
}

// WithdrawRefund takes an open refund back.
func (c *Client) WithdrawRefund(ctx context.Context, key shop.Key, refund string) (shop.Refund, error) {
	return do(ctx, c, write(key, struct{}{}, "refunds", refund, "withdraw"), withdrawnRefund(refund))
}

// Promotions lists those that hold now and those to come.
func (c *Client) Promotions(ctx context.Context) ([]shop.Promotion, error) {
	l, err := do(ctx, c, get("promotions"), each(goodPromotion))
	return l.Items, err
}

// Subsidies returns the table.
func (c *Client) Subsidies(ctx context.Context) ([]shop.Subsidy, error) {
	l, err := do(ctx, c, get("subsidies"), each(goodSubsidy))
	return l.Items, err
}

// Coupons lists what a customer has, or what anybody may claim.
func (c *Client) Coupons(ctx context.Context, customer string) ([]shop.Coupon, error) {
	q := get("coupons")
	if customer != "" {
		q = get("customers", customer, "coupons")
	}
	l, err := do(ctx, c, q, each(couponOf(customer)))
	return l.Items, err
}

// ClaimCoupon gives a customer a coupon.
func (c *Client) ClaimCoupon(ctx context.Context, key shop.Key, customer, coupon string) (shop.Coupon, error) {
	return do(ctx, c, write(key, couponBody{coupon}, "customers", customer, "coupons"), couponOf(customer))
}

type couponBody struct {
	Coupon string `json:"coupon"`
}

// NotifyRestock asks to be told when something is back in stock.
func (c *Client) NotifyRestock(ctx context.Context, key shop.Key, r shop.RestockRequest) (shop.RestockNotice, error) {
	return do(ctx, c, write(key, r, "restock-notices"), sameNotice(r))
}

// NoticesOf lists a customer's requests, the oldest first.
func (c *Client) NoticesOf(ctx context.Context, customer string) ([]shop.RestockNotice, error) {
	l, err := do(ctx, c, get("customers", customer, "restock-notices"), each(noticeOf(customer)))
	return l.Items, err
}
