package tool

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"waggle/shop"
)

// Registry holds the tools over one shop. It is safe for concurrent use.
type Registry struct {
	shop   shop.Shop
	policy shop.Policy
	words  Vocabulary
	tools  []Tool
	byName map[string]int
}

// New returns the standard tools over a shop and its policy.
func New(s shop.Shop, p shop.Policy) *Registry { return NewWith(s, p, Vocabulary{}) }

// NewWith is New where a merchant has words for yes and no beside the usual.
func NewWith(s shop.Shop, p shop.Policy, words Vocabulary) *Registry {
	r := &Registry{shop: s, policy: p, words: words, byName: make(map[string]int)}
	for _, t := range Standard() {
		r.byName[t.Name] = len(r.tools)
		r.tools = append(r.tools, t)
	}
	return r
}

// Standard lists the tools that ship. They can be described without a shop,
// and used only by a Registry.
func Standard() []Tool { return slices.Concat(readTools(), writeTools()) }

// Words are the merchant's words for yes and no.
func (r *Registry) Words() Vocabulary { return r.words }

// Tools lists what there is, reads first.
func (r *Registry) Tools() []Tool { return slices.Clone(r.tools) }

// Tool finds one by name; ErrUnknownTool when there is none.
func (r *Registry) Tool(name string) (Tool, error) {
	i, ok := r.byName[name]
	if !ok {
		return Tool{}, fmt.Errorf("%w: %q", ErrUnknownTool, name)
	}
	return r.tools[i], nil
}

// Plan works out what a write would do, and has the policy judge it. The
// customer need not have agreed yet: the plan is what is read back to them.
// Errors: ErrUnknownTool, ErrArguments, ErrCaller, ErrForeign, a *Refusal, and
// the shop's.
func (r *Registry) Plan(ctx context.Context, c Call) (Plan, error) {
	t, s, err := r.open(ctx, c)
	if err != nil {
		return Plan{}, err
	}
	if t.Effect != Write {
		return Plan{}, fmt.Errorf("%w: %s only reads, there is nothing to agree to", ErrArguments, t.Name)
	}
	return plan(ctx, t, s)
}

func plan(ctx context.Context, t Tool, s *scope) (Plan, error) {
	p, err := t.guard(ctx, s)
	if err != nil {
		return Plan{}, err
	}
	p.Digest = digest(t.Name, s.Args, p)
	return p, nil
}

// Run uses a tool. A write is judged again right before it is made, and is
// made only with a consent to the very plan that results. Errors: those of
// Plan, and ErrConsent.
func (r *Registry) Run(ctx context.Context, c Call) (Result, error) {
	t, s, err := r.open(ctx, c)
	if err != nil {
		return Result{}, err
	}
	if t.Effect == Write {
		if c.Key == "" {
			return Result{}, fmt.Errorf("%w: a write needs an idempotency key", ErrArguments)
		}
		p, err := plan(ctx, t, s)
		if err != nil {
			return Result{}, err
		}
		if !c.Consent.Heard || !c.Consent.Yes || c.Consent.Digest != p.Digest {
			return Result{}, fmt.Errorf("%w: %s", ErrConsent, t.Name)
		}
	}
	return t.run(ctx, s)
}

// open checks the call and resolves its arguments.
func (r *Registry) open(ctx context.Context, c Call) (Tool, *scope, error) {
	t, err := r.Tool(c.Tool)
	if err != nil {
		return Tool{}, nil, err
	}
	if err := check(t.Params, c.Args); err != nil {
		return Tool{}, nil, fmt.Errorf("%s: %w", t.Name, err)
	}
	if !t.Open && (!c.Caller.Known || c.Caller.Customer == "") {
		return Tool{}, nil, fmt.Errorf("%w: %s", ErrCaller, t.Name)
	}
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	s := &scope{Call: c, shop: r.shop, policy: r.policy}
	return t, s, s.resolve(ctx, t.Params)
}

// resolve reads the records that arguments name. An order that is somebody
// else's and one that does not exist give the same answer.
func (s *scope) resolve(ctx context.Context, params []Param) (err error) {
	for _, p := range params {
		v := s.Args[p.Name]
		if v == "" {
			continue
		}
		switch p.Type {
		case Order:
			s.order, err = s.shop.Order(ctx, v)
			if errors.Is(err, shop.ErrNotFound) || err == nil && s.order.Customer != s.Caller.Customer {
				return fmt.Errorf("%w: order", ErrForeign)
			}
		case Product:
			s.product, err = s.shop.Product(ctx, v)
		}
		if err != nil {
			return fmt.Errorf("tool: %s: %w", p.Name, err)
		}
	}
	return nil
}

// whole reads a number that check has accepted; 0 when it was left out.
func (s *scope) whole(name string) int {
	n, _ := strconv.Atoi(s.Args[name])
	return n
}

// digest names a plan: the same tool, arguments, words and facts.
func digest(name string, args Args, p Plan) string {
	parts := []string{name, p.Says}
	for k, v := range args {
		if v != "" {
			parts = append(parts, k+"="+v)
		}
	}
	for k, v := range p.Facts {
		parts = append(parts, k+":"+v.String())
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
