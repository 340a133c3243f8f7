package flow

import (
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
)

// said plays the turns of a shopper by text, signed in as user or as nobody,
// and returns what is answered to the last of them.
func said(t *testing.T, user string, turns ...string) dialog.Reply {
	t.Helper()
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: shop})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	id, _, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText, User: user})
	if err != nil {
		t.Fatal(err)
	}
	var r dialog.Reply
	for _, text := range turns {
		if r, err = talk.Next(t.Context(), id, dialog.Turn{Text: text, Channel: dialog.ChannelText}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// answers is one conversation and what its last answer says and does not say.
type answers struct {
	user      string
	turns     []string
	says, not string
}

func checkAnswers(t *testing.T, cases []answers) {
	t.Helper()
	for _, c := range cases {
		r := said(t, c.user, c.turns...)
		if !strings.Contains(r.Text(), c.says) || c.not != "" && strings.Contains(r.Text(), c.not) || r.HandOff != nil {
			t.Errorf("%s: %q, want %q and not %q, by the robot", strings.Join(c.turns, " / "), r.Text(), c.says, c.not)
		}
	}
}

// The metre of a body or of a table is no rice.
func TestAMeasureNamesNoProduct(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"我爸一米七八 150斤 想买件夹克穿几码"}, not: "米不分"},
		{turns: []string{"我173高 1米73的人 衬衫穿几码"}, not: "米不分"},
		{turns: []string{"1米65 52公斤能穿什么码"}, says: "哪一件商品"},
	})
}

// Small talk gets a small answer, again and again, and calls nobody.
func TestSmallTalkIsAnswered(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"你是男生还是女生"}, says: "不分男女"},
		{turns: []string{"你是男生还是女生", "你今年几岁啦", "你有对象吗", "你今天吃饭了没", "那手环多少钱"}, says: "智能手环"},
		{turns: []string{"你可以帮我什么"}, says: "查快递", not: "需要真人"},
	})
}

// A reproach is no question whether a robot speaks, and a taste no ban on calls.
func TestAToneIsNoIntent(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"你们这是打算耍无赖吗"}, not: "AI客服"},
		{turns: []string{"你们有什么好喝的", "不要酸的"}, not: "不再联系"},
		{turns: []string{"老人家想买个手机"}, not: "您慢慢来"},
	})
}

// What only a doctor may say, a shop does not.
func TestADoctorIsAskedForWhatOnlyADoctorKnows(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"按摩枕能治好我的腰疼吗"}, says: "问问医生"},
		{turns: []string{"八个月大的宝宝可以吃蜂蜜吗"}, says: "医生"},
	})
}

// A kind that is asked for is in the table or is said to stand nowhere; a shade
// counts as the colour.
func TestAKindIsInTheTableOrNowhere(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"机械键盘有没有青轴的"}, says: "轴体是静音红轴"},
		{turns: []string{"耳机有没有华为的"}, says: "没有写这一点"},
		{turns: []string{"智能手环有粉色的吗"}, says: "浅粉有货"},
	})
}

// A name alone asks for what bears it.
func TestABareNameIsToldOf(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"那智能手环呢"}, says: "智能手环", not: "游泳"},
		{turns: []string{"那梅瓶呢"}, not: "少件"},
		{user: "c05", turns: []string{"我的双肩包"}, says: "双肩包"},
	})
}

// What may be spent on a present is no weight.
func TestABudgetIsNoWeight(t *testing.T) {
	checkAnswers(t, []answers{
		{turns: []string{"想给同事挑个礼物", "预算三百"}, not: "公斤"},
	})
}
