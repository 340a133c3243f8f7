package flow

import (
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/shop/demo"
)

func scene(said string) *dialog.Scene {
	said = nlu.Normalise(said)
	return &dialog.Scene{Heard: nlu.Understanding{Text: said, Entities: nlu.Entities(said)}, Answering: true}
}

func TestAttributes(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ product, question, want string }{
		{"vase", "这个花瓶是什么材质的", "材质"},
		{"vase", "多高啊", "尺寸"},
		{"shirt", "里料是什么", "里料"},
		{"shirt", "什么料子的", "面料"},
		{"shirt", "能不能机洗", "清洗"},
		{"sneakers", "鞋底是什么做的", "鞋底"},
		{"sneakers", "是什么材料", "鞋面"},
		{"cup", "可以放微波炉吗", "微波炉"},
		{"backpack", "放得下笔记本吗", "电脑"},
		{"powerbank", "能过安检吗", "飞机"},
		{"honey", "加糖了吗", "配料"},
		{"bear", "几岁能玩", "年龄"},
		{"headphones", "能听多久", "续航"},
	} {
		p, err := s.Product(t.Context(), c.product)
		if err != nil {
			t.Fatal(err)
		}
		if got := attributes(p, c.question); len(got) != 1 || got[0].Name != c.want {
			t.Errorf("%s of %s: %v, not %s", c.question, c.product, got, c.want)
		}
	}
	p, err := s.Product(t.Context(), "vase")
	if err != nil {
		t.Fatal(err)
	}
	if got := attributes(p, "续航多久"); len(got) != 0 {
		t.Errorf("a vase has no battery, but was given %v", got)
	}
	if got := attributes(p, "介绍一下"); len(got) != introduced {
		t.Errorf("introduced by %v", got)
	}
}

func TestReadTitle(t *testing.T) {
	for said, want := range map[string]string{
		"开个人的": "个人",
		"抬头是杭州蜂巢科技有限公司":   "杭州蜂巢科技有限公司",
		"开公司的，杭州蜂巢科技有限公司": "杭州蜂巢科技有限公司",
		"公司": "",
		"帮我开给上海小蜜蜂贸易有限公司吧": "上海小蜜蜂贸易有限公司",
		"我自己的":    "个人",
		"给台灯开票周敏": "周敏", "陈晓东的": "陈晓东", "开发票谢谢": "", "发票开好没": "", "开个人的吧": "个人", "写赵磊吧": "赵磊", "个人赵磊": "赵磊", "个人就行": "个人",
	} {
		if got := readTitle(scene(said)); got != want {
			t.Errorf("%s: %q, not %q", said, got, want)
		}
	}
}

func TestReadReasonAndWant(t *testing.T) {
	for said, want := range map[string]string{
		"不喜欢": reasonDislike, "太大了": reasonFit, "有质量问题": reasonQuality, "你们发错了": reasonWrong, "嗯": "", "质量不好而且不喜欢": reasonQuality,
	} {
		if got := readReason(scene(said)); got != want {
			t.Errorf("%s: %q, not %q", said, got, want)
		}
	}
	for said, want := range map[string]string{
		"换42码的": "42码", "要XL的": "XL码", "换大一码": "大一码", "换成黑色": "黑色", "给我换个新的": "全新同款", "随便": "",
	} {
		if got := readWant(scene(said)); got != want {
			t.Errorf("%s: %q, not %q", said, got, want)
		}
	}
}

func TestReadPartBack(t *testing.T) {
	for said, want := range map[string]string{
		"买了三条裤子，只退一条": "1", "其中两双给我退了吧": "2", "拍了两个，退掉一个就行": "1",
		"少发了一件，退我一件的钱": "", "漏了一盒，只退一盒可以吗": "", "包裹里缺两袋": "", "不想要了": "",
	} {
		if got := readPartBack(scene(said)); got != want {
			t.Errorf("%s: %q, not %q", said, got, want)
		}
	}
}

func TestSentBack(t *testing.T) {
	for said, want := range map[string]bool{
		"把台灯退了，花瓶留着": true, "台灯我想退": true, "只退台灯": true, "台灯给我换一个": true,
		"花瓶退了，台灯不退": false, "台灯那单里花瓶退掉": false, "台灯留着": false,
	} {
		if got := sentBack(said, []string{"台灯"}); got != want {
			t.Errorf("%s: %v", said, got)
		}
	}
}

func TestANameInPart(t *testing.T) {
	for _, c := range []struct {
		said, name string
		want       bool
	}{
		{"水壶三天了还不发", "电水壶", true}, {"平底锅到哪了", "平底煎锅", true}, {"越野鞋换一双", "越野跑鞋", true}, {"那个卫衣", "连帽卫衣", true},
		{"孩子要用", "毯子", false}, {"大锅", "平底锅", false}, {"壶", "电水壶", false}, {"煎锅底下", "锅底座", false}, {"", "毯子", false}, {"子毯", "毯子", false},
	} {
		if got := partly(c.said, c.name); got != c.want {
			t.Errorf("%s for %s: %v", c.said, c.name, got)
		}
	}
}

func TestASizeAndAColourSaidOneAfterTheOther(t *testing.T) {
	for _, c := range []struct{ old, want, joined string }{
		{"40码", "白色", "白色40码"}, {"白色", "40码", "白色40码"}, {"黑色M码", "L码", "黑色L码"}, {"黑色M码", "白色", "白色M码"},
		{"黑色M码", "白色L码", "白色L码"}, {"全新同款", "L码", "L码"}, {"40码", "大一码", "大一码"}, {"", "白色", "白色"}, {"40码", "", ""},
	} {
		if got := joined(c.old, c.want); got != c.joined {
			t.Errorf("%q, then %q: %q, want %q", c.old, c.want, got, c.joined)
		}
	}
}

func TestAMeasureThatIsPutRight(t *testing.T) {
	for said, want := range map[string]string{"体重160斤，不对，是136斤": "68", "体重160斤": "80"} {
		u := nlu.Understanding{Entities: nlu.Entities(said), Correction: strings.Contains(said, "不对")}
		if e, ok := latest(u, nlu.Weight); !ok || e.Value != want {
			t.Errorf("%s: %+v, want %s", said, e, want)
		}
	}
}

func TestBrokenPieces(t *testing.T) {
	for said, want := range map[string]string{
		"杯子碎了三个": "3", "六个里面有两个是破的": "2", "摔坏了一只": "1",
		"裂了一条缝": "", "破了个洞": "", "坏了一个角": "", "磕掉一块漆": "", "杯子碎了": "",
	} {
		if got := readBroken(scene(said)); got != want {
			t.Errorf("%s: %q, not %q", said, got, want)
		}
	}
}

func TestWhatIsSpoiltAndWhatIsSound(t *testing.T) {
	for said, want := range map[string][2]bool{ // of the lamp: spoilt, aside
		"台灯摔坏了": {true, false}, "台灯没坏": {false, true}, "台灯是好的": {false, true}, "台灯没事": {false, true},
		"花瓶裂了，台灯倒是好好的": {false, true}, "台灯和花瓶那单少东西": {false, true}, "台灯到了": {false, false},
	} {
		names := []string{"台灯"}
		if got := [2]bool{spoilt(said, names), asideOf(said, names)}; got != want {
			t.Errorf("%s: %v, want %v", said, got, want)
		}
	}
}

func TestWhoHasNoNumber(t *testing.T) {
	for said, want := range map[string]bool{
		"没有订单号啊": true, "订单号我找不到": true, "手机号忘记了": true, "不记得了": true, "我不知道": true,
		"13800000010": false, "我的快递呢": false, "尾号3242": false,
	} {
		if got := noNumber.MatchString(said); got != want {
			t.Errorf("%s: %v", said, got)
		}
	}
}
