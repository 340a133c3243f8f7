package nlu

import (
	"strings"
	"unicode/utf8"
)

// answers decides short turns by list: yes and no must not depend on a score,
// and "说快点" is too close to hurrying a parcel for a classifier.
type answers struct {
	words  map[string]Intent
	sounds map[string]Intent // of two syllables and more
}

func newAnswers() answers {
	a := answers{words: make(map[string]Intent), sounds: make(map[string]Intent)}
	for intent, list := range map[Intent]string{Yes: yesWords, No: noWords, Faster: fasterWords} {
		for _, w := range strings.Fields(list) {
			a.words[w] = intent
			if s := Sound(w); utf8.RuneCountInString(w) > 1 && strings.Count(s, " ") > 2 {
				if other, taken := a.sounds[s]; taken && other != intent {
					a.sounds[s] = None
					continue
				}
				a.sounds[s] = intent
			}
		}
	}
	return a
}

// decide returns None for anything longer or unknown, which is then for the
// classifier. Several short answers are one when they are all the same.
func (a answers) decide(text string) Intent {
	if i := a.decideOne(text); i != None {
		return i
	}
	parts := strings.FieldsFunc(text, isPause)
	if len(parts) < 2 {
		return None
	}
	first := a.decideOne(parts[0])
	for _, p := range parts[1:] {
		if a.decideOne(p) != first {
			return None
		}
	}
	return first
}

func (a answers) decideOne(text string) Intent {
	t := strings.Map(func(r rune) rune {
		if strings.ContainsRune("，。！？,.!?~、 ", r) {
			return -1
		}
		return r
	}, text)
	t = strings.TrimRight(t, "啊呀呢哈哦啦呗")
	if i, ok := a.words[t]; ok {
		return i
	}
	return a.sounds[Sound(t)]
}

// Lists of short answers, each word between blanks.
const (
	yesWords = " 是 恩 队 号 是的 对 对的 对对 对对对 嗯 嗯嗯 嗯是的 嗯对 好 好的 好好 好吧 好呀 好嘞 行 行的 行吧 可以 可以的 可以可以 没错 没问题 确认 确定 确认的 我确认 我确定 同意 我同意 要 要的 我要 需要 当然 当然可以 是这样 是这样的 就这样 就这么办 办吧 就这个 是的没错 对没错 对就是这个 对就这个 是我 是我本人 我是 我就是 我是的 愿意 ok okay yes 中 得 成 没毛病 必须的 嗯好 嗯好的 嗯可以 嗯行 好行 好可以 好的可以 好的谢谢 可以谢谢 行谢谢 是啊 对啊 按这个来 就按这个 就按这个办 "
	noWords  = " 不 不是 不是的 不对 不要 不要了 不用 不用了 不了 不行 不可以 不需要 不好 不想 不同意 不愿意 否 没有 没 没有了 没了 别 先不 先不要 先别 还是不要了 还是算了 no 不确定 我不要 我不同意 不不不 不不 不是我 不用谢谢 不用了谢谢 不需要谢谢 "

	fasterWords = " 说快点 说快一点 你说快点 你说快一点 可以说快一点吗 可以说快点吗 能说快点吗 请说快点 请说快一点 麻烦说快点 麻烦说快一点 快点说 快一点说 你快点说 说话快点 说话快一点 你说话快点 你说话快一点 讲快点 讲快一点 你讲快一点 可以讲快一点吗 可以讲快点吗 念快点 念快一点 语速快点 语速快一点 语速太慢 语速太慢了 说太慢了 说得太慢了 你说太慢了 你说得太慢了 说话太慢了 你说话太慢了 讲太慢了 讲得太慢了 不用说这么慢 不用说那么慢 别说那么慢 别说这么慢 不用慢慢说 正常语速 正常语速就行 恢复正常语速 "
)
