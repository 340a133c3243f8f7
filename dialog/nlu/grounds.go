package nlu

import "regexp"

// grounds are intents that somebody rarely means without one of a few words: a
// question whether the robot is one names somebody who speaks, a ban on calls
// names a call, a ban on recordings one, and who wants a moment says so. What
// the classifier takes for one of them without such a word, by its tone alone,
// it has mistaken: 你们是不是想赖账, 不要甜的.
var grounds = map[Intent]*regexp.Regexp{
	Robot:       regexp.MustCompile(`机|真|你是[^不]|活人|活的|假人|智能|[aA][iI]|谁|人[吗么嘛]|是(?:不是)?人|人还是|客服|名字|称呼|叫|电脑|程序|录音|软件|本人|自动|哪位|什么公司|哪个公司|哪家|语音|声音|人类|大活|思想|思考|帮我|问你|会做|能做`),
	DoNotCall:   regexp.MustCompile(`电话|打|联系|骚扰|推销|广告|短信|消息|通知|订阅|退订|^td$|拉黑|名单|找我|来电|致电|号码|投诉|推送|信息|拨|呼|营销|接听|勿扰|移除|回访|达`),
	NoRecording: regexp.MustCompile(`录|錄|露音|鹿音|音频|声音|语音|通话|音`),
	Wait:        regexp.MustCompile(`等|登|灯|稍|少|慢|一下|会儿|一会|急|瞅|翻|截|想想|想一想|hold|看|考虑|查|找|马上|先|别|催|秒|分钟|时间|接|去|阵|停|挂`),
}

// grounded takes an intent back that has no ground in the words and is not
// beyond doubt.
func grounded(c Clause) Clause {
	if words, ok := grounds[c.Intent]; ok && c.Score < groundless && !words.MatchString(c.Text) {
		c.Second, c.SecondScore = c.Intent, c.Score
		c.Intent = None
	}
	return c
}

// groundless is the score above which an intent needs no word of its own.
const groundless = 0.8
