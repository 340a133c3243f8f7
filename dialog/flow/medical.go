package flow

import (
	"regexp"

	"waggle/dialog"
	"waggle/dialog/knowledge"
)

// medicalWords ask a shop what only a doctor may say: whether goods heal, and
// whether somebody who is very young, pregnant or ill may eat them.
var medicalWords = regexp.MustCompile(`能治|可以治|治得好|治好|治不治|治(?:颈椎|腰|失眠|脱发|鼻炎|便秘|感冒)|疗效|药效|抗癌|降血[压糖脂]|` +
	`(?:孕妇|怀孕|哺乳|坐月子|婴儿|宝宝|娃|[0-9一二两三半]岁|个月大|糖尿病|高血压|痛风|胃病|术后|过敏体质).{0,8}(?:能|可以|敢|适合).{0,3}[吃喝]`)

// medical answers with the merchant's own words, where they fit, and sends to a
// doctor where they do not. It promises no effect.
func medical(base *knowledge.Library) dialog.Flow {
	return dialog.Flow{Name: "medical", Quick: true, Wants: medicalWords.MatchString, Steps: []dialog.Step{
		either(answerFrom(base, knowledge.CoverGuess), once(func(sc *dialog.Scene) {
			sc.Say(itself("medical"), "我们卖的是日常用品，不敢说有治疗作用，也不能替医生拿主意，拿不准请先问问医生。")
		})),
	}}
}
