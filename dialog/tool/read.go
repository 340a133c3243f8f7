package tool

import (
	"context"
	"errors"
	"slices"

	"waggle/dialog/fact"
	"waggle/shop"
)

// mostRows bounds what a search returns: nobody listens to more.
const mostRows = 10

func readTools() []Tool {
	return slices.Concat(records(), quotes())
}

func records() []Tool {
	return []Tool{
		{Name: "list_orders", Effect: Read, Description: "The customer's orders, the newest first.",
			Returns: fact.Schema{"orders": {Kind: fact.Count}}, run: listOrders},
		{Name: "get_order", Effect: Read, Description: "One order of the customer.", Params: []Param{orderParam()},
			Returns: OrderSchema(), run: func(_ context.Context, s *scope) (Result, error) {
				return Result{Kind: "order", ID: s.order.ID, Facts: OrderRecord(s.order)}, nil
			}},
		{Name: "track_parcel", Effect: Read, Description: "Where the parcel of an order is and when it comes; nothing when it has not been sent.",
			Params: []Param{orderParam()}, Returns: ParcelSchema(), run: trackParcel},
		{Name: "list_refunds", Effect: Read, Description: "Refunds, returns and exchanges of an order, the oldest first; the facts are those of the last.",
			Params: []Param{orderParam()}, Returns: RefundSchema(), run: listRefunds},
		{Name: "search_products", Effect: Read, Open: true, Description: "Search the catalogue by words.",
			Params: []Param{words("words", "what to look for")}, Returns: ProductSchema(), run: searchProducts},
		{Name: "get_product", Effect: Read, Open: true, Description: "One product with its attributes, price and stock.",
			Params: []Param{productParam()}, Returns: ProductSchema(), run: func(_ context.Context, s *scope) (Result, error) {
				return Result{Kind: "product", ID: s.product.ID, Facts: ProductRecord(s.product)}, nil
			}},
		{Name: "get_policy", Effect: Read, Open: true, Description: "The rules of the shop: days for returns, limits, opening hours, shipping.",
			Returns: PolicySchema(), run: func(_ context.Context, s *scope) (Result, error) {
				return Result{Kind: "policy", ID: "policy", Facts: PolicyRecord(s.policy)}, nil
			}},
	}
}

func listOrders(ctx context.Context, s *scope) (Result, error) {
	orders, err := s.shop.OrdersOf(ctx, s.Caller.Customer)
	if err != nil {
		return Result{}, err
	}
	r := Result{Kind: "order", ID: s.Caller.Customer, Facts: fact.Record{"orders": fact.OfCount(len(orders))}}
	for _, o := range orders[:min(len(orders), mostRows)] {
		r.Rows = append(r.Rows, OrderRecord(o))
	}
	return r, nil
}

func trackParcel(ctx context.Context, s *scope) (Result, error) {
	if s.order.Tracking == "" {
		return Result{Kind: "parcel", ID: s.order.ID, Facts: fact.Record{}}, nil
	}
	p, err := s.shop.Parcel(ctx, s.order.Tracking)
	if errors.Is(err, shop.ErrNotFound) {
		return Result{Kind: "parcel", ID: s.order.ID, Facts: fact.Record{}}, nil
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "parcel", ID: p.Tracking, Facts: ParcelRecord(p)}, nil
}

func listRefunds(ctx context.Context, s *scope) (Result, error) {
	refunds, err := s.shop.RefundsOf(ctx, s.order.ID)
	if err != nil {
		return Result{}, err
	}
	r := Result{Kind: "refund", ID: s.order.ID, Facts: fact.Record{}}
	for _, f := range refunds {
		r.ID, r.Facts = f.ID, RefundRecord(f)
		r.Rows = append(r.Rows, r.Facts)
	}
	return r, nil
}

func searchProducts(ctx context.Context, s *scope) (Result, error) {
	found, err := s.shop.Search(ctx, s.Args["words"], mostRows)
	if err != nil {
		return Result{}, err
	}
	r := Result{Kind: "product", ID: "search", Facts: fact.Record{}}
	for i, p := range found {
		row := ProductRecord(p)
		if i == 0 {
			r.ID, r.Facts = p.ID, row
		}
		r.Rows = append(r.Rows, row)
	}
	return r, nil
}
