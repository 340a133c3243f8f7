// Package sop reads procedures of a shop's service desk (standard operating
// procedures) from YAML, finds what is wrong with them before they ever run,
// and turns them into flows of the dialog engine. A procedure decides by
// conditions over typed facts (dialog/fact), acts through tools (dialog/tool)
// and speaks texts whose values are facts, so that every figure can be proven.
// It may import dialog, dialog/fact, dialog/guard, dialog/nlu and dialog/tool.
package sop

import (
	"waggle/dialog/fact"
	"waggle/shop"
)

// Flow is one procedure as it stands in its file.
type Flow struct {
	ID, About string
	File      string
	Line      int
	// Intents start it; so do events of the shop (parcel.delayed) and kinds of
	// findings on a photo that nobody asked for (damage).
	// Words start it whatever the intent is: legal words.
	Intents, Events, Findings, Words []string
	// Quick, Claim and Interrupts are those of dialog.Flow.
	Quick, Claim, Interrupts bool
	// Requires lists what must be in focus before the first step.
	Requires Requires
	// RefundMax lowers the policy's limit; 0 leaves it.
	RefundMax shop.Fen
	Slots     []Slot
	Steps     []Step
	// OnFail is the step to go to when a tool fails that says nothing itself.
	OnFail string
}

// Requires is what a flow needs to be about.
type Requires struct {
	// Caller wants a customer who has proven who they are; Order an order of
	// theirs, likely one in these states; Product a product.
	Caller, Product bool
	Order           []string
	line            int
}

// Slot is something the flow has to know. Its sources are tried in this
// order: a fact, an entity of the turn, a reader in Go, choices by words, the
// words themselves; then it is asked for.
type Slot struct {
	Name string
	Line int
	Kind fact.Kind
	// Fact is a path of a record.
	Fact string
	// Entity is a kind of dialog/nlu.
	Entity string
	// Read names a reader.
	Read string
	// Choices map words to a value.
	Choices []Choice
	// Words takes what was said: an answer, or an opening of so many
	// characters that it says enough.
	Words int
	Ask   text
	// Optional slots are filled if the turn holds something, and never asked for.
	Optional bool
	// Expect is open, digits or yesno; Phrases are likely answers.
	Expect  string
	Phrases []string
	Digits  []int
	// Validate must hold for the value; Invalid is said when it does not.
	Validate *Cond
	Invalid  text
	// Retries is how many answers that do not fit are asked about again before
	// OnMiss, a step; 0 leaves it to the engine, which calls a person.
	Retries int
	OnMiss  string
}

// Choice is one value of a slot and the words that choose it.
type Choice struct {
	Value string
	Words []string
}

// Cond is a condition where it stands.
type Cond struct {
	fact.Condition
	source string
	line   int
}

// Step is one step. Exactly one of the verbs is set.
type Step struct {
	ID   string
	Line int
	// written tells that the file gives the id; otherwise it counts the steps.
	written bool
	// If skips the step unless it holds.
	If *Cond

	Say     *Say
	Ask     string // a slot
	Tool    *Use
	Branch  []Case
	Confirm *Confirm
	See     *Evidence
	HandOff *HandOff
	Do      string // a deed in Go, which reads and tells
	Goto    string // a step, or end
	Start   string // a flow
}

// End is where a goto leaves the flow.
const End = "end"

// Say is a sentence.
type Say struct {
	Text text
	// Detail may be left out where the reply is heard.
	Detail bool
	// Card shows the order, parcel or product.
	Card string
	// Refuses marks a no of the policy: said to a VIP, or the third time about
	// the same matter, a person is called in its place.
	Refuses bool
}

// Use is the use of a tool.
type Use struct {
	Name string
	Args map[string]text
	// As names the result for later steps.
	As string
	// OnFail maps a tool.Code, or else, to a step.
	OnFail map[string]string
}

// Case is one way of a branch; an empty condition is else.
type Case struct {
	If   *Cond
	Goto string
	Line int
}

// Confirm reads back what a tool step is about to do, and waits for a yes.
type Confirm struct {
	Text text
	// Lead is said before the question, and is no part of what is agreed to.
	Lead text
	// Once makes the question an offer: it is put a single time to a shopper for
	// an order, and whatever is no yes, also coming back to it, leads to No.
	Once bool
	// Does is the tool step that may run after the yes.
	Does string
	// Amend lists slots that an answer may correct.
	Amend []string
	// Amended is the step after that; without one the plan is read back anew.
	Amended string
	// No is the step after a no; without one the flow ends.
	No string
}

// Evidence waits for a photo and lets the policy judge what is seen. It fills
// the slots verdict (accepted or person), note and photos. It never refuses.
type Evidence struct {
	// Kind and Labels are those of vision.Finding that count as seen.
	Kind   string
	Labels []string
	// Sorry is said once, before the first photo is asked for.
	Sorry text
	// Show and Closer say what a photo should show, the first time and again.
	Show, Closer string
	// Unclear is said when a photo shows too little and has no advice itself.
	Unclear string
}

// HandOff gives the conversation to a person.
type HandOff struct {
	Text   text
	Reason string
	Next   string
}
