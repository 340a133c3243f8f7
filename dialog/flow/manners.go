package flow

import (
	"context"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
)

// once makes a step of something that is said at once.
func once(do func(sc *dialog.Scene)) dialog.Step {
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		do(sc)
		return dialog.Continue, nil
	}
}

// quick makes a flow of one step that never waits.
func quick(name string, do func(sc *dialog.Scene), intents ...nlu.Intent) dialog.Flow {
	return dialog.Flow{Name: name, Intents: intents, Quick: true, Steps: []dialog.Step{once(do)}}
}

// interrupting makes a quick flow that goes before an open question.
func interrupting(name string, do func(sc *dialog.Scene), intents ...nlu.Intent) dialog.Flow {
	f := quick(name, do, intents...)
	f.Interrupts = true
	return f
}

// inbound tells that the caller called us.
func inbound(st *dialog.State) bool { return st.Script == nil }

// manners are the flows that keep a conversation going.
func manners() []dialog.Flow {
	hello := quick("hello", func(sc *dialog.Scene) {
		sc.Say(itself("hello"), "您好，我在的。")
		sc.Ask(dialog.Expect{}, itself("hello"), "请问有什么可以帮您？")
	}, nlu.Greeting)
	hello.When = inbound
	yes := quick("yes", func(sc *dialog.Scene) {
		if strings.Contains(sc.Heard.Text, "谢") {
			sc.Say(itself("thanks"), "不客气，还有问题随时找我。")
			return
		}
		sc.Ask(dialog.Expect{}, itself("yes"), "好的，还有别的可以帮您吗？")
	}, nlu.Yes)
	yes.When = idle
	no := quick("no", func(sc *dialog.Scene) {
		sc.Say(itself("no"), "好的，有需要随时找我。")
	}, nlu.No)
	no.When = idle
	return []dialog.Flow{
		hello, yes, no,
		interrupting("goodbye", goodbye, nlu.Goodbye),
		interrupting(dialog.HumanFlow, human, nlu.Human),
		interrupting("never-mind", neverMind, nlu.Never, nlu.WithdrawRefund),
		interrupting("repeat", repeat, nlu.Repeat),
		interrupting("slower", slower, nlu.Slower),
		interrupting("faster", faster, nlu.Faster),
		interrupting("no-recording", noRecording, nlu.NoRecording),
		quick("robot", robot, nlu.Robot),
		quick("thanks", func(sc *dialog.Scene) {
			sc.Say(itself("thanks"), "不客气，还有问题随时找我。")
		}, nlu.Thanks),
		quick("chat", chat, nlu.Chat),
		quick("other", func(sc *dialog.Scene) {
			if sc.AskModel() {
				return
			}
			sc.Say(itself("other"), "这个我帮不上忙，快递、订单、退换货和商品的问题可以问我。")
		}, nlu.Other),
	}
}

// idle tells that no question is open and the caller called us.
func idle(st *dialog.State) bool { return st.Script == nil && len(st.Frames) == 0 }

func goodbye(sc *dialog.Scene) {
	sc.Say(itself("goodbye"), "好的，祝您生活愉快，再见。")
	sc.End(dialog.OutcomeNone)
}

func human(sc *dialog.Scene) {
	sc.Say(itself("human"), "好的，马上为您转人工客服，请稍等。")
	sc.HandOff(dialog.HandOff{Reason: dialog.ReasonAsked, Summary: sc.Summary()})
}

func neverMind(sc *dialog.Scene) {
	if sc.Abandon() {
		sc.Say(itself("never-mind"), "好的，那就不办理了，还有别的可以帮您吗？")
		return
	}
	sc.Say(itself("never-mind"), "好的，有需要随时找我。")
}

func repeat(sc *dialog.Scene) {
	sc.Again()
}

func slower(sc *dialog.Scene) {
	sc.Again()
	sc.Want(dialog.AskSlower)
}

func faster(sc *dialog.Scene) {
	sc.Again()
	sc.Want(dialog.AskFaster)
}

func noRecording(sc *dialog.Scene) {
	sc.State.NoRecording = true
	sc.Say(itself("no-recording"), "好的，录音已经关闭。")
	sc.Want(dialog.AskStopRecording)
}

// robot tells that it is one; who asks what it is good for hears that too.
func robot(sc *dialog.Scene) {
	if sounds(sc.Heard.Text, []string{"帮我", "帮到", "问你", "会做", "能做", "干嘛"}) {
		chat(sc)
		return
	}
	src := fromPolicy("identity")
	sc.Say(src, "是的，我是%s的AI客服%s，需要真人可以说转人工。", text(sc.Policy.ShopName), text(sc.Policy.Robot))
}

// chat answers small talk: warm, short, and back to business.
func chat(sc *dialog.Scene) {
	reply := "谢谢您陪我聊天，有订单和商品的问题，随时问我。"
	for _, c := range []struct {
		words []string
		reply string
	}{
		{[]string{"会什么", "能做什么", "功能", "帮我", "帮到", "问你", "会做", "干嘛", "本事"}, "我可以查快递、查订单、办退换货、开发票，也能介绍商品。"},
		{[]string{"男的", "女的", "男生", "女生", "男孩", "女孩", "性别", "男是女"}, "我是AI客服，不分男女，能帮上您就好。"},
		{[]string{"几岁", "多大了", "年纪", "岁数", "生日"}, "我是AI客服，没有年纪，天天都在学着把事办好。"},
		{[]string{"男朋友", "女朋友", "对象", "结婚", "老婆", "老公", "家在哪", "哪里人", "老家"}, "我是AI客服，没有家室，心思都放在帮您上。"},
		{[]string{"吃饭", "吃了", "睡觉", "下班", "休息", "放假"}, "我是AI客服，不吃不睡，一直在这儿等您。"},
		{[]string{"快乐", "祝你"}, "谢谢您，也祝您天天开心。"},
		{[]string{"不开心", "心情不好", "难过", "累", "堵得慌", "失恋"}, "听着有点辛苦，愿您早点轻松起来，有我能帮的尽管说。"},
		{[]string{"可爱", "聪明", "厉害", "好听", "喜欢你", "爱你"}, "谢谢夸奖，我会继续努力的。"},
		{[]string{"唱", "笑话", "歌"}, "我唱歌不太在行，查快递倒是很快。"},
	} {
		if sounds(sc.Heard.Text, c.words) {
			reply = c.reply
			break
		}
	}
	sc.Say(itself("chat"), "%s", text(reply))
}
