// Package shop says what the robot may look up and do in a merchant's system:
// orders, parcels, products, refunds, tickets. It is a leaf of plain types and
// small interfaces; shop/demo and shop/http implement them, and
// shop/shoptest holds the one conformance suite for all of them.
//
// Every write takes a Key: the same key with the same request is carried out
// once and answered the same way each time, so that a retry after a crash or
// a lost answer can do no harm.
package shop

import (
	"context"
	"errors"
)

// One sentinel per verdict; decide by errors.Is.
var (
	// ErrNotFound says that no such record exists.
	ErrNotFound = errors.New("shop: not found")
	// ErrState says that the order's state does not allow the change.
	ErrState = errors.New("shop: the state of the order does not allow this")
	// ErrLimit says that the amount is above what may be done without a person.
	ErrLimit = errors.New("shop: above the limit")
	// ErrStock says that what is asked for is sold out.
	ErrStock = errors.New("shop: sold out")
	// ErrInvalid says that the request itself is incomplete or impossible.
	ErrInvalid = errors.New("shop: invalid request")
	// ErrKeyReused says that the key already stands for another request.
	ErrKeyReused = errors.New("shop: idempotency key was used for another request")
	// ErrUnavailable says that the shop's system does not answer, or not in a
	// way that can be believed. Nothing is known of the record then.
	ErrUnavailable = errors.New("shop: the system does not answer")
)

// Key makes a write idempotent. It must not be empty nor longer than MaxKey.
type Key string

// MaxKey is the longest key, in bytes.
const MaxKey = 200

// Shop is everything together, for those who wire it. Users declare the small
// part that they need.
type Shop interface {
	Customers
	Orders
	OrderChanges
	Parcels
	Products
	Offers
	AfterSales
	Retentions
	Invoices
	Desk
	Handbook
}

// Customers finds people. Phone numbers are digits only, without +86.
type Customers interface {
	Customer(ctx context.Context, id string) (Customer, error)
	CustomerByPhone(ctx context.Context, phone string) (Customer, error)
}

// Orders reads orders. OrdersOf lists the newest first.
type Orders interface {
	Order(ctx context.Context, id string) (Order, error)
	OrdersOf(ctx context.Context, customer string) ([]Order, error)
}

// OrderChanges writes to orders: ErrState when it is too late for the change.
type OrderChanges interface {
	Cancel(ctx context.Context, key Key, order, reason string) (Order, error)
	ChangeAddress(ctx context.Context, key Key, order string, to Address) (Order, error)
	Hurry(ctx context.Context, key Key, order string) (Order, error)
	// Modify changes colour, size or count of a line before shipping. What is
	// paid already keeps its price: ErrState for another count then, ErrInvalid
	// for a variant that is not sold, ErrStock for one that is sold out.
	Modify(ctx context.Context, key Key, order string, m Modification) (Order, error)
	// Instruct leaves a note for the courier until the parcel is signed.
	Instruct(ctx context.Context, key Key, order, note string) (Order, error)
}

// Parcels finds a parcel by its tracking number.
type Parcels interface {
	Parcel(ctx context.Context, tracking string) (Parcel, error)
}

// Products reads the catalogue. Search ranks by how well the words fit the
// title, the short name and the aliases, best first, at most limit. Without
// words it lists the catalogue from its beginning.
type Products interface {
	Product(ctx context.Context, id string) (Product, error)
	Search(ctx context.Context, words string, limit int) ([]Product, error)
}

// Offers reads what lowers a price, and claims coupons.
type Offers interface {
	// Promotions lists those that hold now and those to come.
	Promotions(ctx context.Context) ([]Promotion, error)
	// Coupons lists the ones a customer has, used and expired ones too; with
	// the empty customer those that anybody may claim.
	Coupons(ctx context.Context, customer string) ([]Coupon, error)
	// ClaimCoupon gives a customer a coupon that may be claimed: ErrState when
	// the customer has had it, ErrNotFound when it is not given out.
	ClaimCoupon(ctx context.Context, key Key, customer, coupon string) (Coupon, error)
	Subsidies(ctx context.Context) ([]Subsidy, error)
	// NotifyRestock asks to be told when something is back: ErrState when it
	// is in stock.
	NotifyRestock(ctx context.Context, key Key, r RestockRequest) (RestockNotice, error)
	// NoticesOf lists a customer's requests, the oldest first.
	NoticesOf(ctx context.Context, customer string) ([]RestockNotice, error)
}

// AfterSales opens refunds, returns, exchanges and price differences, takes
// them back and tells how they stand.
type AfterSales interface {
	OpenRefund(ctx context.Context, key Key, r RefundRequest) (Refund, error)
	RefundsOf(ctx context.Context, order string) ([]Refund, error)
	// WithdrawRefund takes an open refund back: the order is as it was before.
	// ErrState when the refund is not open any more.
	WithdrawRefund(ctx context.Context, key Key, refund string) (Refund, error)
}

// Invoices issues invoices.
type Invoices interface {
	Invoice(ctx context.Context, key Key, r InvoiceRequest) (Invoice, error)
}

// Desk is where people take over: tickets.
type Desk interface {
	OpenTicket(ctx context.Context, key Key, t TicketRequest) (Ticket, error)
	TicketsOf(ctx context.Context, customer string) ([]Ticket, error)
}

// Handbook holds what the merchant has written down for the robot.
type Handbook interface {
	Policy(ctx context.Context) (Policy, error)
	Articles(ctx context.Context) ([]Article, error)
}
