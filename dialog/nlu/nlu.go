// Package nlu understands a turn without any large model: it normalises the
// text, splits long sentences, finds entities by rules and intents by a linear
// classifier over characters and their pronunciation. It may import mandarin
// and models.
//
// Pronunciation matters because much of the text was heard, not typed: a
// recogniser that errs mostly errs between words that sound alike.
package nlu

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"waggle/models"
)

// Intent is what a speaker wants.
type Intent string

// The intents. Data for each lies in data/train.tsv.
const (
	None            Intent = "" // nothing certain
	Parcel          Intent = "parcel"
	OrderStatus     Intent = "order_status"
	Hurry           Intent = "hurry"
	CancelOrder     Intent = "cancel_order"
	Return          Intent = "return"
	Refund          Intent = "refund"
	RefundProgress  Intent = "refund_progress"
	Exchange        Intent = "exchange"
	Damaged         Intent = "damaged"
	Missing         Intent = "missing_item"
	WrongItem       Intent = "wrong_item"
	ColourDiffers   Intent = "colour_differs"
	AddressChange   Intent = "address_change"
	Invoice         Intent = "invoice"
	ProductQuestion Intent = "product_question"
	Price           Intent = "price"
	Stock           Intent = "stock"
	Size            Intent = "size"
	Promotion       Intent = "promotion"
	Policy          Intent = "policy" // rules of the shop without a label of their own: returns, opening hours
	Pay             Intent = "pay"
	Complaint       Intent = "complaint"
	Human           Intent = "human"
	Greeting        Intent = "greeting"
	Goodbye         Intent = "goodbye"
	Thanks          Intent = "thanks"
	Yes             Intent = "yes"
	No              Intent = "no"
	Never           Intent = "never_mind" // drop what we are doing
	Repeat          Intent = "repeat"
	Slower          Intent = "slower"
	Faster          Intent = "faster"
	Robot           Intent = "robot"
	Busy            Intent = "busy"
	DoNotCall       Intent = "do_not_call"
	WrongPerson     Intent = "wrong_person"
	NoRecording     Intent = "no_recording"
	Chat            Intent = "chat"
	Insult          Intent = "insult"
	Other           Intent = "oos" // not the business of a shop

	// Around the parcel.
	NotReceived    Intent = "not_received"    // shown as delivered, but the shopper does not have it
	DeliveryTime   Intent = "delivery_time"   // another time, a locker, a neighbour; call first
	RejectParcel   Intent = "reject_parcel"   // refuse it at the door
	CourierChoice  Intent = "courier_choice"  // which courier, can it be chosen
	ShippingFee    Intent = "shipping_fee"    // freight, threshold of free shipping, remote regions
	ReturnShipping Intent = "return_shipping" // how goods go back and who pays for it
	// Around the order and its money.
	ModifyOrder     Intent = "modify_order" // colour, size, count before it ships
	WithdrawRefund  Intent = "withdraw_refund"
	PriceProtection Intent = "price_protection"
	Coupon          Intent = "coupon"
	MakeupItems     Intent = "makeup_items" // what to add to reach a threshold
	Subsidy         Intent = "subsidy"      // of the state or a region, for trade-ins
	PresaleBalance  Intent = "presale_balance"
	Bulk            Intent = "bulk"
	Membership      Intent = "membership"
	// Around the goods.
	Matching    Intent = "matching"
	Gift        Intent = "gift"
	Recommend   Intent = "recommend"
	Compare     Intent = "compare"
	Usage       Intent = "usage"
	Warranty    Intent = "warranty"
	Authentic   Intent = "authentic"
	Restock     Intent = "restock"
	FindByPhoto Intent = "find_by_photo"
	// Around the conversation.
	Dispute Intent = "dispute" // arbitration, consumer hotline, lawyers, media
	Privacy Intent = "privacy"
	Wait    Intent = "wait" // hold on; not busy
)

// Clause is one part of a turn with one intent.
type Clause struct {
	Text   string  `json:"text"`
	Intent Intent  `json:"intent"`
	Score  float32 `json:"score"` // calibrated, in [0,1]
	// Second is the next best intent.
	Second      Intent  `json:"second,omitempty"`
	SecondScore float32 `json:"second_score,omitempty"`

	far float32 // probability of being out of scope
}

// Understanding is what is known about a turn.
type Understanding struct {
	// Text is the normalised text.
	Text     string   `json:"text"`
	Clauses  []Clause `json:"clauses"`
	Entities []Entity `json:"entities,omitempty"`
	// Correction is set when the speaker takes back what was said before.
	Correction bool `json:"correction,omitempty"`
	Mood       Mood `json:"mood"`
}

// Top is the clause with the best score.
func (u Understanding) Top() Clause {
	var best Clause
	for _, c := range u.Clauses {
		if c.Score > best.Score {
			best = c
		}
	}
	return best
}

// Is tells whether a clause has one of the intents.
func (u Understanding) Is(intents ...Intent) bool {
	for _, c := range u.Clauses {
		for _, i := range intents {
			if c.Intent == i {
				return true
			}
		}
	}
	return false
}

// Entity returns the first entity of the kind.
func (u Understanding) Entity(kind Kind) (Entity, bool) {
	for _, e := range u.Entities {
		if e.Kind == kind {
			return e, true
		}
	}
	return Entity{}, false
}

// Understander turns text into meaning. It is safe for concurrent use.
type Understander struct {
	model   *classifier
	answers answers
	encoder Encoder // nil for none
	share   float64 // of the encoder in the choice of intents
	order   []int   // by intent of the classifier: where the encoder has it
	failed  sync.Once
	onError func(error)
}

// Open returns an Understander over the linear classifier that ships. Reading
// it takes some 20 ms, once in a process.
func Open() (*Understander, error) {
	m, err := builtinModel()
	if err != nil {
		return nil, err
	}
	return &Understander{model: m, answers: newAnswers()}, nil
}

// ErrEncoder is the verdict on an encoder that knows other intents or concepts.
var ErrEncoder = errors.New("nlu: the encoder was trained for other intents or concepts")

// Options of an Understander.
type Options struct {
	// Encoder reads moods and places texts by meaning; nil for neither.
	Encoder Encoder
	// Share is the encoder's weight in the choice of intents, in [0,1]. With 0,
	// as shipped, the classifier chooses alone: on words of another hand both
	// were no better than it, and in rehearsed conversations they were worse,
	// for the encoder is sure of itself with nonsense. 1 is the encoder alone.
	Share float64
	// OnError hears of the encoder's first failure; may be nil. What the encoder
	// cannot read the classifier reads alone.
	OnError func(error)
}

// BestShare is the Share that was best on a fold of train.tsv.
const BestShare = 0.4

// OpenWith is Open with an encoder. Errors: ErrEncoder.
func OpenWith(o Options) (*Understander, error) {
	u, err := Open()
	if err != nil || o.Encoder == nil {
		return u, err
	}
	u.order = orderOf(u.model.intents, o.Encoder.Intents())
	if u.order == nil || o.Encoder.Concepts() != digest(conceptsTSV) || o.Share < 0 || o.Share > 1 {
		return nil, ErrEncoder
	}
	u.encoder, u.share, u.onError = o.Encoder, o.Share, o.OnError
	if u.onError == nil {
		u.onError = func(error) {}
	}
	return u, nil
}

// builtinModel is read at first use and never changed after.
var builtinModel = sync.OnceValues(func() (*classifier, error) {
	raw, _, err := models.Builtin().Open(linearModel)
	if err != nil {
		return nil, fmt.Errorf("nlu: %w", err)
	}
	return readClassifier(bytes.NewReader(raw))
})

// linearModel is the name of the weights that ship.
const linearModel = "text-zh-linear"

// Understand reads a turn. Alternatives are other transcripts of the same
// speech, if there are any; they share in the decision.
func (u *Understander) Understand(text string, alternatives ...string) Understanding {
	text = Normalise(text)
	out := Understanding{Text: text, Entities: Entities(text), Correction: isCorrection(text)}
	said := strings.Trim(text, " "+pauses)
	if said == "" { // a photo without words, or nothing but punctuation
		return out
	}
	seen := memo{}
	whole := u.side(seen, said, alternatives)
	out.Clauses = u.divide(whole, said, mostClauses, func(part string) side { return u.side(seen, part, nil) })
	for i := 1; i < len(out.Clauses); i++ {
		if out.Clauses[i].Intent == ShippingFee && slices.Contains(goingBack, out.Clauses[i-1].Intent) {
			out.Clauses[i].Intent = ReturnShipping // 我想退货，运费谁出
		}
	}
	out.Mood = u.mood(seen, text, out.Top().Intent)
	return out
}

// side classifies a stretch of text. A short answer is decided by rule: yes and
// no must not depend on a score.
func (u *Understander) side(seen memo, text string, alternatives []string) side {
	text = bare(strings.Trim(text, " "+pauses))
	if i := u.answers.decide(text); i != None {
		return side{clause: Clause{Text: text, Intent: i, Score: 1}}
	}
	p := u.probabilities(seen, text)
	for _, a := range alternatives {
		for i, v := range u.probabilities(seen, Normalise(a)) {
			p[i] += v
		}
	}
	n := float32(1 + len(alternatives))
	c := u.decide(p, n)
	c.Text = text
	for i := range p {
		p[i] /= n
	}
	return u.ofMeasure(side{grounded(c), p})
}

// isCorrection recognises 不是，是… and its kin.
func isCorrection(text string) bool {
	for _, lead := range []string{"不是,是", "不对", "说错了", "我说错", "搞错了", "不是这个", "不是那个", "不是这个是", "弄错了", "更正一下", "我是说", "我的意思是", "写错了", "记错了", "报错了", "打错了", "哦不", "啊不", "口误"} {
		if strings.Contains(text, lead) {
			return true
		}
	}
	return strings.HasPrefix(text, "不是") && strings.Contains(text, "是") && strings.LastIndex(text, "是") > len("不是")
}
