package ctc

import "testing"

// Prefixes of what shoppers say, and how finished a listener would take them
// for at the first pause behind them.
var prefixes = []struct {
	text string
	want int // 1 complete, -1 goes on
}{
	// Whole requests.
	{"我要退货", 1}, {"我想换货", 1}, {"我要退款", 1}, {"转人工", 1}, {"我要转人工", 1}, {"帮我转人工客服", 1}, {"我的快递到哪了", 1},
	{"我的包裹到哪里了", 1}, {"什么时候发货", 1}, {"什么时候能到", 1}, {"怎么还没发货", 1}, {"帮我查一下订单", 1}, {"帮我查一下物流", 1},
	{"这个多少钱", 1}, {"有什么颜色", 1}, {"有优惠吗", 1}, {"可以便宜一点吗", 1}, {"能开发票吗", 1}, {"包邮吗", 1}, {"花瓶碎了", 1},
	{"我收到的杯子是坏的", 1}, {"我没有收到货", 1}, {"发错颜色了", 1}, {"我要取消订单", 1}, {"我想改地址", 1}, {"你们几点下班", 1},
	// Answers and manners.
	{"是的", 1}, {"好的", 1}, {"对", 1}, {"不用了", 1}, {"不用了谢谢", 1}, {"谢谢", 1}, {"再见", 1}, {"没有了", 1}, {"可以", 1}, {"不要", 1},
	{"你好", 1}, {"没问题", 1}, {"红色的", 1}, {"要大号的", 1}, {"没有", 1}, {"行", 1}, {"要", 1}, {"算了", 1}, {"好", 1}, {"不是", 1},
	// Numbers of a known length.
	{"手机号是幺三八零零幺三八零零零", 1}, {"幺三九幺二三四五六七八", 1},
	{"手机号是幺三八", -1}, {"手机号是幺三八零零幺", -1}, {"我的手机号码是幺五九二三四五六七八", -1}, {"幺三八零零", -1},
	// What needs an object, a number or a name.
	{"我的订单号是", -1}, {"订单号是", -1}, {"我的手机号是", -1}, {"我的手机号码是", -1}, {"尾号是", -1}, {"我的地址是", -1}, {"收货人是", -1}, {"帮我把", -1}, {"我想把", -1}, {"因为", -1}, {"如果", -1}, {"但是", -1}, {"然后", -1},
	{"我想问一下", -1}, {"请问一下", -1}, {"我昨天买的", -1}, {"我在你们店买的", -1}, {"我上周买的那个", -1}, {"我的", -1}, {"这个花瓶的", -1},
	{"我要", -1}, {"我想", -1}, {"能不能", -1}, {"可不可以", -1}, {"还有", -1}, {"就是", -1}, {"我买的杯子和", -1},
	{"我想查一下我的", -1}, {"请帮我", -1}, {"那个", -1}, {"嗯", -1}, {"呃", -1}, {"我想要", -1}, {"能不能帮我", -1}, {"我的问题是", -1}, {"还有就是", -1},
}

func TestFinishJudgesPrefixesAsAListenerWould(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	rough, wrong := 0, 0
	for _, p := range prefixes {
		d.Begin(Hints{})
		for _, r := range sound(t, g, p.text, 0.3) {
			d.Frame(r)
		}
		switch got := d.Finish(); {
		case got == -p.want:
			wrong++
			t.Errorf("%s: %d, want %d", p.text, got, p.want)
		case got == 0:
			rough++
			t.Logf("%s: cannot tell, want %d (heard %s)", p.text, p.want, d.Best().Text())
		}
	}
	if rough > len(prefixes)/6 {
		t.Errorf("%d of %d prefixes are left open", rough, len(prefixes))
	}
}

func TestAHumIsAnAnswerWhereOneIsExpected(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	for _, c := range []struct {
		hints Hints
		want  int
	}{{Hints{}, -1}, {Hints{YesNo: 2}, 1}} {
		d.Begin(c.hints)
		for _, r := range sound(t, g, "嗯", 0.3) {
			d.Frame(r)
		}
		if got := d.Finish(); got != c.want {
			t.Errorf("with %+v: %d, want %d", c.hints, got, c.want)
		}
	}
}

// The wrong hint must not overrule what is clearly said, and no hint may make
// words of something else.
func TestWrongHintsDoNotChangeClearSpeech(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	hints := []Hints{{Digits: 3}, {YesNo: 2}, {Phrases: []string{"青花瓷花瓶", "紫砂茶壶", "蚕丝被", "保温杯"}, PhraseBoost: 4}}
	for _, text := range []string{"我要退货", "我的快递到哪了", "不用了谢谢", "转人工", "一共多少钱", "尾号三五七九", "花瓶碎了", "是的"} {
		for _, h := range hints {
			if got := decode(d, sound(t, g, text, 0.8), h).Text(); got != text {
				t.Errorf("%s became %s with %+v", text, got, h)
			}
		}
	}
}

func TestSteadyDecodingDoesNotAllocate(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	rows := sound(t, g, "你好我想查一下我的快递到哪里了谢谢", 1.5)
	hear := func() {
		d.Begin(Hints{})
		for _, r := range rows {
			d.Frame(r)
		}
		d.Finish()
	}
	hear() // grows its buffers once
	if n := testing.AllocsPerRun(3, hear); n > 0 {
		t.Errorf("%.0f allocations in %d rows", n, len(rows))
	}
}
