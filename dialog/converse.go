package dialog

import (
	"context"
	"fmt"

	"waggle/dialog/nlu"
	"waggle/vision"
)

// patience is how often a question is asked again before a human is called.
const patience = 2

// certain is the score above which an intent may break into a question that
// is still open.
const certain = 0.6

// converse brings words, keys and photos to the flows. The order is the order
// of repair: what stops or repeats, then the answer to the open question, then
// a digression, then asking again.
func (e *Engine) converse(ctx context.Context, sc *Scene) error {
	st := sc.State
	flow, ok := e.interruption(sc)
	if !ok && e.demanded(ctx, sc) {
		flow, ok = HumanFlow, true
	}
	if ok {
		if err := e.begin(ctx, sc, flow); err != nil || sc.draft.end || sc.draft.handOff != nil {
			return err
		}
		return e.instead(ctx, sc, flow)
	}
	if f := st.active(); f != nil && f.Asked && !e.overtaken(sc, f) {
		name := f.Flow
		answered, err := e.answer(ctx, sc)
		if err == nil && answered && sc.declined {
			return e.instead(ctx, sc, name)
		}
		if answered || err != nil {
			return err
		}
	}
	if name, ok := e.ellipsis(sc); ok {
		return e.begin(ctx, sc, name)
	}
	begun, err := e.beginAll(ctx, sc)
	if begun || err != nil {
		return err
	}
	if f := st.active(); f != nil {
		if aside, err := e.aside(ctx, sc); aside || err != nil {
			return err
		}
		return e.askAgain(ctx, sc)
	}
	return e.clarify(ctx, sc)
}

// flowOf finds the flow that a clause starts: one that wants its words, else
// that of its intent.
func (e *Engine) flowOf(sc *Scene, c nlu.Clause) (name string, ok bool) {
	for _, name := range e.wanting {
		if e.flows[name].Wants(c.Text) {
			return name, true
		}
	}
	if name, ok = e.flowFor(sc, c.Intent); ok && e.flows[name].Interrupts && wordless(c.Text) {
		return "", false // digits say no goodbye
	}
	return name, ok
}

// flowFor finds the flow that an intent starts in this conversation.
func (e *Engine) flowFor(sc *Scene, i nlu.Intent) (name string, ok bool) {
	name, ok = e.byIntent[i]
	if name == HumanFlow && spares.MatchString(sc.Heard.Text) { // 不用转人工
		return "", false
	}
	if ok && e.flows[name].When != nil && !e.flows[name].When(sc.State) {
		return "", false
	}
	return name, ok
}

// answer lets the active flow read the turn.
func (e *Engine) answer(ctx context.Context, sc *Scene) (answered bool, err error) {
	sc.Answering = true
	v, err := e.run(ctx, sc)
	sc.Answering = false
	if v == Unanswered {
		return false, err
	}
	sc.State.Unclear = 0
	return true, err
}

// beginAll starts a flow for each clause that asks for one. What has to wait
// for another flow's answer is kept for later.
func (e *Engine) beginAll(ctx context.Context, sc *Scene) (begun bool, err error) {
	denied := false
	for _, c := range e.tellingFirst(sc, e.wishes(sc)) {
		name, ok := e.flowOf(sc, c)
		if !ok {
			continue
		}
		if name, c, ok = e.undenied(sc, name, c); !ok {
			denied = true
			continue
		}
		if f := sc.State.active(); f != nil && f.Asked && (f.Flow == name || c.Score < certain) {
			continue
		}
		sc.State.digress()
		if begun && (c.Score < certain || e.flows[name].Claim && e.claiming(sc.State)) {
			continue
		}
		if f := sc.State.active(); f != nil && begun && !e.flows[name].Quick {
			sc.State.Later = append(sc.State.Later, Later{Flow: name, Text: c.Text})
			continue
		}
		sc.Clause = c
		if err := e.begin(ctx, sc, name); err != nil {
			return true, err
		}
		begun = true
	}
	switch name, known := e.byIntent[nlu.Never]; {
	case begun:
		e.unheard(sc)
	case denied && known && sc.State.active() == nil:
		return true, e.begin(ctx, sc, name)
	case len(sc.Turn.Pictures()) > 0:
		return true, e.photo(ctx, sc)
	}
	return begun, nil
}

// claiming tells whether a claim is under way.
func (e *Engine) claiming(st *State) bool {
	for _, f := range st.Frames {
		if e.flows[f.Flow].Claim {
			return true
		}
	}
	return false
}

// photo keeps a picture that came early for the flow that will want it, and
// asks the open question again; any other picture starts a flow of its own.
func (e *Engine) photo(ctx context.Context, sc *Scene) error {
	for _, f := range sc.State.Frames {
		if e.flows[f.Flow].Photos {
			sc.Say(FromFlow(PhotoFlow), "照片收到了。")
			_, err := e.run(ctx, sc)
			return err
		}
	}
	if name, ok := e.sighted(sc); ok {
		return e.begin(ctx, sc, name)
	}
	return e.begin(ctx, sc, PhotoFlow)
}

// sighted finds the flow for what a photo that nobody asked for shows: a
// finding that is certain enough and not that all is well.
func (e *Engine) sighted(sc *Scene) (flow string, ok bool) {
	for _, f := range sc.State.Photos {
		nothing := f.Label == vision.LabelIntact || f.Label == vision.LabelCannotSee || f.Label == vision.LabelCannotTell ||
			f.Label == vision.LabelSame || f.Label == vision.LabelUnknown
		if f.Kind == vision.KindProduct && sc.State.Order != "" {
			continue // which of the order's things it is, is no question about the catalogue
		}
		if name, wanted := e.byFinding[f.Kind]; wanted && !nothing && f.Score >= sc.Policy.PhotoScore {
			return name, true
		}
	}
	return "", false
}

// PhotoFlow is the name of the flow that takes photos nobody asked for.
const PhotoFlow = "photo"

// begin starts a flow, and has the one below go on when it is over.
func (e *Engine) begin(ctx context.Context, sc *Scene, name string) error {
	sc.State.Unclear = 0
	if e.flows[name].Topic {
		sc.State.Topic = name
	}
	sc.State.push(name)
	_, err := e.run(ctx, sc)
	return err
}

// run takes the active flow on until it waits; a flow that is over gives way
// to the one below it, and at last to what was kept for later.
func (e *Engine) run(ctx context.Context, sc *Scene) (Verdict, error) {
	st := sc.State
	for range mostSteps {
		frame := st.active()
		if frame == nil {
			if len(st.Later) == 0 || sc.draft.end || sc.draft.handOff != nil {
				return Finish, nil
			}
			next := st.Later[0]
			st.Later = st.Later[1:]
			sc.Heard = e.nlu.Understand(next.Text)
			sc.Clause = sc.Heard.Top()
			frame = st.push(next.Flow)
		}
		v, err := e.step(ctx, sc, frame)
		if err != nil || v == Wait || v == Unanswered {
			return v, err
		}
		if sc.draft.end || sc.draft.handOff != nil {
			st.Frames, st.Later = nil, nil
			return Finish, nil
		}
	}
	return Finish, fmt.Errorf("dialog: flow %s does not come to rest", flowName(st))
}

// mostSteps bounds the steps of one turn: a flow that goes in circles is a
// fault, not a wait.
const mostSteps = 400

// step runs one step of the frame and moves the frame on.
func (e *Engine) step(ctx context.Context, sc *Scene, frame *Frame) (Verdict, error) {
	steps := e.flows[frame.Flow].Steps
	if frame.Step >= len(steps) {
		sc.State.pop()
		return Finish, nil
	}
	sc.frame, sc.jump = frame, nil
	sc.refocus()
	v, err := steps[frame.Step](ctx, sc)
	if err != nil {
		return v, err
	}
	serial := frame.Serial
	if frame = sc.State.frame(serial); frame == nil {
		return v, fmt.Errorf("dialog: a step of flow %d dropped its own frame", serial)
	}
	switch v {
	case Continue:
		frame.Step++
		if sc.jump != nil {
			frame.Step = *sc.jump
		}
		frame.Asked, frame.Tries, frame.Digressions = false, 0, 0
		frame.Order, frame.Product = sc.State.Order, sc.State.Product
		sc.Answering = false
	case Wait:
		frame.Asked = true
	case Finish:
		sc.Answering = false
		sc.State.drop(serial)
	}
	return v, nil
}

// refocus brings back what the flow under way is about.
func (sc *Scene) refocus() {
	if sc.frame.Order != "" {
		sc.State.Order = sc.frame.Order
	}
	if sc.frame.Product != "" {
		sc.State.Product = sc.frame.Product
	}
}
