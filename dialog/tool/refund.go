package tool

import (
	"context"
	"time"

	"waggle/dialog/fact"
	"waggle/shop"
)

func refundTools() []Tool {
	reason := words("reason", "why, in a few words")
	returns := RefundSchema()
	return []Tool{
		{Name: "return_goods", Effect: Write, Description: "Goods go back, then the money: within the days for returns, and not for goods that are exempt.",
			Params: []Param{orderParam(), reason, lineParam(), countParam()}, Returns: returns, Plans: amounts(), guard: guardReturn, run: runReturn},
		{Name: "return_faulty", Effect: Write, Description: "Goods that a photo shows to be wrong go back at the shop's cost, then the money.",
			Params: []Param{orderParam(), reason, lineParam(), countParam()}, Returns: returns, Plans: amounts(), guard: guardFaulty, run: runReturn},
		{Name: "refund_only", Effect: Write, Description: "Pay back an order that a photo shows to be damaged; the goods stay. Within the limit.",
			Params: []Param{orderParam(), reason, lineParam(), countParam()}, Returns: returns, Plans: amounts(), guard: guardRefundOnly, run: runRefundOnly},
		{Name: "exchange_goods", Effect: Write, Description: "Goods go back, others come: another size or colour.",
			Params: []Param{orderParam(), words("want", "what is wanted instead"), lineParam(), countParam()}, Returns: returns, Plans: plans(fact.Schema{"want": {Kind: fact.Text}}), guard: guardExchange, run: runExchange},
		{Name: "replace_faulty", Effect: Write, Description: "Send a new piece for one that a photo shows to be damaged.",
			Params: []Param{orderParam(), reason, lineParam(), countParam()}, Returns: returns, Plans: plans(nil), guard: guardReplace, run: runReplace},
	}
}

const aDay = 24 * time.Hour

// late refuses an order that was signed more than so many days ago.
func (s *scope) late(days int) error {
	if age := s.Now.Sub(s.order.Signed); !s.order.Signed.IsZero() && age > time.Duration(days)*aDay {
		return refuse(RefusedLate, "signed %d days ago, %d are allowed", int(age/aDay), days)
	}
	return nil
}

// returnable refuses kinds of goods that go back only when they are faulty.
func (s *scope) returnable(ctx context.Context) error {
	asked, err := s.pieces()
	if err != nil {
		return err
	}
	for i, l := range s.order.Lines {
		if len(asked) > 0 && asked[0].Line != i {
			continue
		}
		p, err := s.shop.Product(ctx, l.Product)
		if err != nil {
			return err
		}
		if !s.policy.Returnable(p.Category) {
			return refuse(RefusedCategory, "%s does not go back without a fault", p.Category)
		}
	}
	return nil
}

// shown refuses what no photo has shown, or not clearly, or what is too late
// for a quality case: a person decides then.
func (s *scope) shown() error {
	if !s.Evidence.Accepted {
		return refuse(RefusedEvidence, "no photo that was accepted")
	}
	return s.late(s.policy.QualityDays)
}

// within refuses more money than the robot may give for an order in all, the
// customer's level considered.
func (s *scope) within(ctx context.Context, amount shop.Fen) error {
	who, err := s.shop.Customer(ctx, s.Caller.Customer)
	if err != nil {
		return err
	}
	limit := s.policy.RefundLimit(who)
	if s.RefundMax > 0 {
		limit = min(limit, s.RefundMax)
	}
	before, err := s.before(ctx)
	if err != nil {
		return err
	}
	for _, r := range before {
		if r.Kind != shop.RefundReturn {
			amount += r.Amount
		}
	}
	if amount > limit {
		return refuse(RefusedLimit, "%s yuan in all is above %s", amount, limit)
	}
	return nil
}

// payBack plans a refund of the pieces that are asked for.
func (s *scope) payBack(ctx context.Context, says string) (Plan, error) {
	w, err := s.worth(ctx)
	if err != nil {
		return Plan{}, err
	}
	return Plan{Says: says + w.name + "，金额" + w.amount.String() + "元", Facts: s.about(fact.Record{
		"name": fact.OfText(w.name), "amount": fact.OfMoney(w.amount), "working": fact.OfText(w.working)})}, nil
}

func guardReturn(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateSigned); err != nil {
		return Plan{}, err
	}
	if err := s.late(s.policy.ReturnDays); err != nil {
		return Plan{}, err
	}
	if err := s.returnable(ctx); err != nil {
		return Plan{}, err
	}
	return s.payBack(ctx, "申请退货退款：")
}

func guardFaulty(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateSigned, shop.StateDelivering, shop.StateShipped); err != nil {
		return Plan{}, err
	}
	if err := s.shown(); err != nil {
		return Plan{}, err
	}
	return s.payBack(ctx, "办理退货退款：")
}

func runReturn(ctx context.Context, s *scope) (Result, error) {
	return s.pay(ctx, shop.RefundReturn)
}

// pay opens a refund of the pieces that are asked for.
func (s *scope) pay(ctx context.Context, kind shop.RefundKind) (Result, error) {
	w, err := s.worth(ctx)
	if err != nil {
		return Result{}, err
	}
	return s.refund(ctx, shop.RefundRequest{Order: s.order.ID, Kind: kind, Lines: w.lines, Amount: w.amount, Reason: s.Args["reason"]})
}

func (s *scope) refund(ctx context.Context, q shop.RefundRequest) (Result, error) {
	q.Photos = s.Evidence.Photos
	r, err := s.shop.OpenRefund(ctx, s.Key, q)
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "refund", ID: r.ID, Facts: RefundRecord(r)}, nil
}

func guardRefundOnly(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateSigned, shop.StateDelivering, shop.StateShipped); err != nil {
		return Plan{}, err
	}
	if err := s.shown(); err != nil {
		return Plan{}, err
	}
	w, err := s.worth(ctx)
	if err != nil {
		return Plan{}, err
	}
	if err := s.within(ctx, w.amount); err != nil {
		return Plan{}, err
	}
	return s.payBack(ctx, "退款，不用寄回：")
}

func runRefundOnly(ctx context.Context, s *scope) (Result, error) { return s.pay(ctx, shop.RefundOnly) }

func guardExchange(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateSigned); err != nil {
		return Plan{}, err
	}
	days := s.policy.ExchangeDays
	if days == 0 {
		days = s.policy.ReturnDays
	}
	if err := s.late(days); err != nil {
		return Plan{}, err
	}
	if err := s.returnable(ctx); err != nil {
		return Plan{}, err
	}
	want := s.Args["want"]
	if err := s.hasVariant(ctx, want); err != nil {
		return Plan{}, err
	}
	name, err := s.part()
	if err != nil {
		return Plan{}, err
	}
	return Plan{Says: "为您的" + name + "申请换货，换成" + want, Facts: s.about(fact.Record{"name": fact.OfText(name), "want": fact.OfText(want)})}, nil
}

func runExchange(ctx context.Context, s *scope) (Result, error) {
	lines, err := s.pieces()
	if err != nil {
		return Result{}, err
	}
	return s.refund(ctx, shop.RefundRequest{Order: s.order.ID, Kind: shop.RefundExchange, Lines: lines, Reason: "换成" + s.Args["want"]})
}

func guardReplace(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateSigned, shop.StateDelivering, shop.StateShipped); err != nil {
		return Plan{}, err
	}
	if err := s.shown(); err != nil {
		return Plan{}, err
	}
	w, err := s.worth(ctx)
	if err != nil {
		return Plan{}, err
	}
	if err := s.within(ctx, w.amount); err != nil {
		return Plan{}, err
	}
	name, err := s.part()
	if err != nil {
		return Plan{}, err
	}
	return Plan{Says: "给您换一个新的" + name, Facts: s.about(fact.Record{"name": fact.OfText(name)})}, nil
}

func runReplace(ctx context.Context, s *scope) (Result, error) {
	lines, err := s.pieces()
	if err != nil {
		return Result{}, err
	}
	return s.refund(ctx, shop.RefundRequest{Order: s.order.ID, Kind: shop.RefundExchange, Lines: lines, Reason: s.Args["reason"]})
}
