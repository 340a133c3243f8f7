package rehearse

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/knowledge"
	"waggle/shop"
	"waggle/shop/demo"
)

// TaskOptions say how tasks are played.
type TaskOptions struct {
	Understander dialog.Understander
	// Now is the clock; it is read once for a task, which then stands still.
	Now func() time.Time
	// Flows are played instead of the standard ones, if set.
	Flows []dialog.Flow
	// Library answers questions; nil opens that of the demo shop for each task.
	Library *knowledge.Library
	// Wrap, if set, stands between the engine and the shop.
	Wrap func(shop.Shop) shop.Shop

	// site, if set, is the shop that the flows were made for; each task builds
	// its own there.
	site *site
}

// site is where one shop after the other is put up, so that flows need to be
// read only once.
type site struct{ shop.Shop }

// Result is how a task ended.
type Result struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	Known string `json:"known,omitempty"`
	// State is set when the final records are right.
	State bool `json:"state"`
	// Wrong says what was not as it must be; Violations which rules were
	// broken. The task has passed when both are empty.
	Wrong      []string    `json:"wrong,omitempty"`
	Violations []Violation `json:"violations,omitempty"`
	// Transcript is what was said, a line for each turn.
	Transcript []string `json:"transcript,omitempty"`
}

// Passed tells whether everything was right.
func (r Result) Passed() bool { return len(r.Wrong) == 0 && len(r.Violations) == 0 }

// Err joins what was wrong; nil if nothing was.
func (r Result) Err() error {
	if r.Passed() {
		return nil
	}
	text := strings.Join(r.Wrong, "; ")
	for _, v := range r.Violations {
		text += "; " + v.String()
	}
	return errors.New(strings.TrimPrefix(text, "; "))
}

// player plays one task on a fresh demo shop.
type player struct {
	task   Task
	ledger *ledger
	judge  *judge
	talk   *dialog.Conversations
	log    dialog.Log
	engine *dialog.Engine
	id     string
	last   dialog.Reply
	human  bool
	spoken []string // replies
	faults *faults
	Result
}

// Play plays the task. An error means that it could not be played at all.
func (t Task) Play(ctx context.Context, o TaskOptions) (Result, error) {
	at := o.Now()
	p := &player{task: t, ledger: &ledger{}, faults: &faults{}, Result: Result{Name: t.Name, Kind: t.Kind, Known: t.Known}}
	r, err := p.play(ctx, o, func() time.Time { return at })
	if err != nil {
		return Result{}, fmt.Errorf("rehearse: task %q: %w", t.Name, err)
	}
	return r, nil
}

func (p *player) play(ctx context.Context, o TaskOptions, now func() time.Time) (Result, error) {
	house, err := demo.Open(demo.Options{Now: now, Journal: p.ledger})
	if err != nil {
		return Result{}, err
	}
	before, err := Photograph(ctx, house)
	if err != nil {
		return Result{}, err
	}
	if p.judge, err = newJudge(ctx, p.task, house, before); err != nil {
		return Result{}, err
	}
	if err := p.open(ctx, o, house, now); err != nil {
		return Result{}, err
	}
	if err := p.perform(ctx); err != nil {
		p.wrong("%v", err)
	}
	after, err := Photograph(ctx, house)
	if err != nil {
		return Result{}, err
	}
	p.compare(before.Changes(after))
	p.finish()
	return p.Result, nil
}

// open makes the engine over the shop.
func (p *player) open(ctx context.Context, o TaskOptions, house shop.Shop, now func() time.Time) (err error) {
	served := house
	if o.Wrap != nil {
		served = o.Wrap(house)
	}
	if o.site != nil {
		o.site.Shop = served
		served = o.site
	}
	if o.Library == nil {
		if o.Library, err = flow.OpenLibrary(ctx, house, nil); err != nil {
			return err
		}
	}
	p.engine, err = flow.OpenWith(ctx, dialog.Options{Shop: served, Understander: o.Understander, Flows: o.Flows, Now: now,
		Recording: true, Log: slog.New(p.faults)}, o.Library)
	return err
}

func (p *player) wrong(format string, a ...any) { p.Wrong = append(p.Wrong, fmt.Sprintf(format, a...)) }

// perform makes all moves.
func (p *player) perform(ctx context.Context) error {
	p.log = dialog.NewMemoryLog()
	p.talk = dialog.NewConversations(p.engine, p.log)
	p.ledger.begin(-1)
	id, greeting, err := p.talk.Start(ctx, dialog.Opening{Channel: p.task.Channel, From: p.task.From, User: p.task.User})
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	p.id = id
	p.take(-1, Move{}, greeting)
	for i, m := range p.task.Moves {
		if m.when != nil && !m.when.MatchString(p.last.Text()) {
			continue
		}
		if err := p.make(ctx, i, m); err != nil {
			return fmt.Errorf("move %d: %w", i+1, err)
		}
	}
	return nil
}

func (p *player) make(ctx context.Context, i int, m Move) error {
	if m.Restart {
		p.talk = dialog.NewConversations(p.engine, p.log)
	}
	p.ledger.begin(i)
	p.judge.moved(m)
	r, err := m.turn().play(ctx, p.talk, p.id, p.task.Channel)
	if err != nil {
		return err
	}
	p.Transcript = append(p.Transcript, "> "+p.judge.shown(m))
	p.take(i, m, r)
	for _, s := range m.Says {
		if !saidIn(r.Text(), s) {
			p.wrong("move %d (%s): does not say %q but %q", i+1, m.Say, s, r.Text())
		}
	}
	for _, s := range m.Never {
		if strings.Contains(r.Text(), s) {
			p.wrong("move %d (%s): says %q in %q", i+1, m.Say, s, r.Text())
		}
	}
	return nil
}

// take keeps a reply and holds the rules against it.
func (p *player) take(i int, m Move, r dialog.Reply) {
	p.Transcript = append(p.Transcript, "< "+r.Text())
	p.Violations = append(p.Violations, p.judge.turn(i, m, r, p.ledger.during(i))...)
	p.spoken = append(p.spoken, r.Text())
	p.human = p.human || r.HandOff != nil
	p.last = r
}

// compare holds the changes of the shop against those that were wanted.
func (p *player) compare(got map[string]string) {
	p.ledger.invoices(got)
	bad := len(p.Wrong)
	for _, key := range slices.Sorted(maps.Keys(p.task.Changed)) {
		want := p.task.Changed[key]
		switch v, there := got[key]; {
		case !there:
			p.wrong("unchanged: %s should be %q", key, want)
		case !isValue(v, want):
			p.wrong("%s is %q, not %q", key, v, want)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		_, wanted := p.task.Changed[key]
		if may, ok := p.task.Allowed[key]; !wanted && !(ok && isValue(got[key], may)) {
			p.wrong("nobody wanted: %s is %q", key, got[key])
		}
	}
	p.State = len(p.Wrong) == bad
}

func isValue(v, want string) bool {
	if part, ok := strings.CutPrefix(want, "~"); ok {
		return saidIn(v, part)
	}
	return want == "*" || v == want
}

// finish looks at the whole conversation.
func (p *player) finish() {
	all := strings.Join(p.spoken, "\n")
	for _, s := range p.task.Told {
		if !saidIn(all, s) {
			p.wrong("never told: %q", s)
		}
	}
	for _, s := range p.task.Never {
		if strings.Contains(all, s) {
			p.wrong("told: %q", s)
		}
	}
	if p.task.Person && !p.human {
		p.wrong("no human was called")
	}
	if n := p.faults.n.Load(); n > 0 {
		p.wrong("%d faults were logged", n)
	}
}

// saidIn tells whether one of the alternatives of "a|b" is in the text.
func saidIn(text, alternatives string) bool {
	for _, a := range strings.Split(alternatives, "|") {
		if strings.Contains(text, a) {
			return true
		}
	}
	return false
}

// faults counts what the engine logs as an error: a sentence that was held
// back because nothing proves it, or a fault of the gateway.
type faults struct{ n atomic.Int64 }

func (*faults) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }
func (f *faults) Handle(context.Context, slog.Record) error  { f.n.Add(1); return nil }
func (f *faults) WithAttrs([]slog.Attr) slog.Handler         { return f }
func (f *faults) WithGroup(string) slog.Handler              { return f }
