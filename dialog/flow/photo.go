package flow

import (
	"context"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/vision"
)

// sight is what a photo tells a flow.
type sight int

// The sights.
const (
	sightNone   sight = iota // no photo yet
	sightRetake              // the photo shows too little; advice says why
	sightSeen                // what the shopper says is there to see
	sightUnsure              // nothing certain: the machine never says no
)

// retakes is how often photos are asked for before a person looks.
const retakes = 2

// pictured tells whether photos have arrived that no flow has used.
func pictured(sc *dialog.Scene) bool { return len(sc.State.PhotoIDs)+len(sc.State.Photos) > 0 }

// look judges the photos that have just arrived and uses them up. kind is what
// is looked for, labels are the labels that count as seen; by is the finding
// that decided, if one did.
func look(sc *dialog.Scene, kind string, seen ...string) (s sight, by vision.Finding) {
	if !pictured(sc) {
		return sightNone, by
	}
	findings, ids := sc.State.Photos, sc.State.PhotoIDs
	sc.Set("photos", strings.Join(append(strings.Fields(sc.Slot("photos")), ids...), " "))
	sc.Set("looks", strconv.Itoa(looks(sc)+1))
	sc.State.Photos, sc.State.PhotoIDs = nil, nil
	for _, f := range findings {
		if f.Kind == vision.KindQuality && f.Label != vision.LabelOK {
			return sightRetake, f
		}
	}
	for _, f := range findings {
		if f.Kind != kind || f.Score < sc.Policy.PhotoScore {
			continue
		}
		for _, label := range seen {
			if f.Label == label {
				if f.Photo == "" && len(ids) > 0 {
					f.Photo = ids[0]
				}
				return sightSeen, f
			}
		}
	}
	return sightUnsure, by
}

// looks is how often the flow under way has been shown photos.
func looks(sc *dialog.Scene) int {
	n, _ := strconv.Atoi(sc.Slot("looks")) // empty is none
	return n
}

// evidence shows what was seen: the photo with its marks, or its colours beside
// the listing's. A terminal's photos are files, of which no picture is kept.
func evidence(sc *dialog.Scene, by vision.Finding) {
	if by.Photo == "" || strings.ContainsAny(by.Photo, `/\.`) {
		return
	}
	picture, title := "overlay", "照片上看到的地方"
	if by.Kind == vision.KindColour {
		picture, title = "swatch", "和商品页的颜色放在一起"
	}
	sc.Card(dialog.Card{Kind: "photo", Title: title,
		Image: "/v1/conversations/" + sc.State.Conversation + "/photos/" + by.Photo + "/" + picture})
}

// wantPhoto asks for one, in the words of the channel.
func wantPhoto(sc *dialog.Scene, flow, what string) {
	sc.Want(dialog.AskPhoto)
	if sc.State.Channel == dialog.ChannelPhone {
		sc.Ask(dialog.Expect{}, itself(flow), "请拍一张%s的照片，我发短信链接给您，传上来我马上看。", text(what))
		return
	}
	sc.Ask(dialog.Expect{}, itself(flow), "请拍一张%s的照片发给我。", text(what))
}

// noPhoto recognises that the shopper cannot send one.
func noPhoto(sc *dialog.Scene) bool {
	return sc.Heard.Is(nlu.No) || sounds(sc.Heard.Text, []string{"没法拍", "拍不了", "不会拍", "不方便拍", "没照片", "没有照片", "发不了", "扔了", "不会弄", "不会照", "照不了", "没法照", "没有手机", "老人机"})
}

// takePhoto takes a photo that nobody has asked for.
func takePhoto() dialog.Flow {
	return dialog.Flow{Name: dialog.PhotoFlow, Steps: []dialog.Step{
		func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			for _, f := range sc.State.Photos {
				if f.Kind == vision.KindDamage && f.Label != vision.LabelIntact && f.Label != vision.LabelCannotSee && f.Score >= sc.Policy.PhotoScore {
					sc.Then("damaged")
					return dialog.Finish, nil
				}
			}
			if sc.Answering { // the photo stays for the flow that is chosen now
				return dialog.Unanswered, nil
			}
			sc.Ask(oneOf("东西坏了", "颜色不一样", "发错了"), itself(dialog.PhotoFlow), "照片收到了，请问是东西坏了、颜色不对，还是发错了？")
			return dialog.Wait, nil
		},
	}}
}

// within tells whether an order was signed in the time for quality cases.
func withinQuality(sc *dialog.Scene, o shop.Order) bool {
	return o.Signed.IsZero() || int(sc.Now().Sub(o.Signed).Hours()) <= 24*sc.Policy.QualityDays
}
