package nlu

import "strings"

// answer decides short turns by list. It returns None for anything longer or
// unknown, which the classifier then decides.
func answer(text string) Intent {
	t := strings.Map(func(r rune) rune {
		if strings.ContainsRune("，。！？,.!?~、 ", r) {
			return -1
		}
		return r
	}, text)
	for strings.HasSuffix(t, "啊") || strings.HasSuffix(t, "呀") || strings.HasSuffix(t, "呢") || strings.HasSuffix(t, "哈") || strings.HasSuffix(t, "哦") {
		t = t[:len(t)-len("啊")]
	}
	switch {
	case within(t, yesWords):
		return Yes
	case within(t, noWords):
		return No
	}
	return None
}

func within(t, list string) bool {
	return t != "" && strings.Contains(list, " "+t+" ")
}

// Lists of short answers, each word between blanks.
const (
	yesWords = " 是 是的 对 对的 对对 对对对 嗯 嗯嗯 嗯是的 嗯对 好 好的 好好 好吧 好呀 好嘞 行 行的 行吧 可以 可以的 可以可以 没错 没问题 确认 确定 确认的 我确认 我确定 同意 我同意 要 要的 我要 需要 当然 当然可以 是这样 是这样的 就这样 就这么办 办吧 就这个 是的没错 对没错 对就是这个 对就这个 是我 是我本人 我是 我就是 我是的 愿意 ok okay yes 中 得 成 没毛病 必须的 嗯好 嗯好的 嗯可以 嗯行 好行 好可以 好的可以 好的谢谢 可以谢谢 行谢谢 是啊 对啊 按这个来 就按这个 就按这个办 "
	noWords  = " 不 不是 不是的 不对 不要 不要了 不用 不用了 不了 不行 不可以 不需要 不好 不想 不同意 不愿意 否 没有 没 没有了 没了 别 先不 先不要 先别 还是不要了 还是算了 no 不确定 我不要 我不同意 不不不 不不 不是我 不用谢谢 不用了谢谢 不需要谢谢 "
)
