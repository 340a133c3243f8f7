package flow

import (
	"regexp"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
)

// Readers take values out of a turn that need more than a list of words.

// readAddress finds an address with who receives there; a second one corrects
// the parts that it names.
func readAddress(sc *dialog.Scene, old string) string {
	place := readPlaceOf(sc, old)
	name, phone, _ := tool.Receiver(sc.Heard.Text)
	if place == "" && old == "" && !sc.Answering { // a number alone may prove who calls
		return ""
	}
	for _, said := range []struct{ what, value string }{{"收件人", name}, {"电话", phone}} {
		if said.value == "" || strings.Contains(place, said.value) || strings.Contains(old, said.value) {
			continue
		}
		if place == "" {
			place = old
		}
		if place != "" {
			place += tool.Corrected
		}
		place += said.what + said.value
	}
	return place
}

// readPlaceOf finds the place of an address.
func readPlaceOf(sc *dialog.Scene, old string) string {
	if both, ok := correctedAddress(sc); ok && old == "" {
		return both
	}
	e, ok := sc.Heard.Entity(nlu.Address)
	if !ok && old != "" { // a house number in characters alone names no place yet
		e.Value = nlu.FindAddress(arabic(sc.Heard.Text))
		ok = e.Value != ""
	}
	switch {
	case !ok || old != "" && strings.HasSuffix(old, e.Value):
		return ""
	case old != "":
		return old + tool.Corrected + e.Value
	}
	return e.Value
}

// takenBack stands between an address and what corrects it in the same breath.
var takenBack = regexp.MustCompile(`不对|不是|错了|[哦啊噢]不`)

// correctedAddress reads an address that is put right in the turn that says it:
// 新华东道12号，呃不对，是21号.
func correctedAddress(sc *dialog.Scene) (string, bool) {
	said := sc.Heard.Text
	at := takenBack.FindStringIndex(said)
	if at == nil {
		return "", false
	}
	first, second := nlu.FindAddress(said[:at[0]]), nlu.FindAddress(arabic(said[at[1]:]))
	return first + tool.Corrected + second, first != "" && second != ""
}

// Reasons for sending something back.
const (
	reasonDislike = "不喜欢"
	reasonFit     = "不合适"
	reasonQuality = "质量问题"
	reasonWrong   = "发错货"
)

// readReason takes the reason out of what was said.
func readReason(sc *dialog.Scene) string {
	t := sc.Heard.Text
	for _, r := range []struct {
		reason string
		words  []string
	}{
		{reasonQuality, []string{"质量", "坏", "破", "裂", "碎", "瑕疵", "掉色", "起球", "开线", "开胶", "漏", "脏", "不能用", "污渍"}},
		{reasonWrong, []string{"发错", "错了", "不是我要"}},
		{reasonFit, []string{"不合适", "尺码", "大了", "小了", "太大", "太小", "不合身", "紧", "肥", "挤脚", "长了", "短了"}},
	} {
		if sounds(t, r.words) {
			return r.reason
		}
	}
	if sounds(t, []string{"不喜欢", "不好看", "不想要", "不满意", "买多", "拍多", "不需要", "用不上", "后悔", "不好吃", "不爱吃", "难吃", "不好喝", "口味", "太甜", "太苦", "太咸", "太腻", "不好用", "太贵", "好贵", "有点贵", "嫌贵", "贵了", "便宜", "不划算", "不值", "冲动", "犹豫", "纠结", "没想象", "没什么原因", "无理由", "就是想退"}) {
		return reasonDislike
	}
	return ""
}

// Doubts about a purchase that something may outweigh. What is broken, wrong or
// does not fit is none.
const (
	doubtPrice   = "price"
	doubtWaiting = "waiting"
	doubtSecond  = "second thoughts"
)

// readDoubt finds why somebody hesitates, where that is said.
func readDoubt(sc *dialog.Scene) string {
	for _, d := range []struct{ doubt, words string }{
		{doubtPrice, "太贵 好贵 有点贵 贵了 嫌贵 偏贵 便宜些 更便宜 便宜的 便宜多 超预算 花多了 不划算 不值 降价 心疼钱"},
		{doubtWaiting, "等太久 等不及 等不了 太慢 等得 不想等 不等了 发货慢 一直没发 还没发 还不发 迟迟"},
		{doubtSecond, "犹豫 纠结 考虑 拿不定 没想好 冲动 后悔 想来想去 要不要留 用得上吗 不知道要不要"},
	} {
		if sounds(sc.Heard.Text, strings.Fields(d.words)) {
			return d.doubt
		}
	}
	return ""
}

// readWant takes out what the shopper wants instead. The words of the shopper
// are kept: a person packs the parcel.
func readWant(sc *dialog.Scene) string {
	if e, ok := sc.Heard.Entity(nlu.SizeOf); ok {
		return strings.TrimSuffix(e.Value, "码") + "码"
	}
	t := sc.Heard.Text
	for _, w := range []string{"大一码", "大一号", "小一码", "小一号", "大半码", "小半码", "大半号", "小半号"} {
		if sounds(t, []string{w}) {
			return w
		}
	}
	for _, c := range []string{"黑", "白", "红", "蓝", "绿", "黄", "灰", "粉", "紫", "棕", "米", "杏", "驼", "银", "金", "卡其", "藏青", "墨绿", "酒红"} {
		if strings.Contains(t, c+"色") || strings.Contains(t, "成"+c) || strings.Contains(t, "要"+c) {
			return c + "色"
		}
	}
	if sounds(t, []string{"新的", "换新", "好的给我", "没坏的"}) {
		return "全新同款"
	}
	return ""
}

// person is the title of an invoice to a person.
const person = "个人"

// readTitle finds 个人 or the full name of a company.
func readTitle(sc *dialog.Scene) string {
	t := sc.Heard.Text
	if i := strings.LastIndex(t, "公司"); i >= 0 {
		name := companyLead.ReplaceAllString(t[:i]+"公司", "")
		if cut := strings.LastIndex(name, "，"); cut >= 0 {
			name = name[cut+len("，"):]
		}
		if cut := strings.LastIndex(name, " "); cut >= 0 && len([]rune(name[cut+1:])) >= shortestCompany {
			name = name[cut+1:]
		}
		if len([]rune(name)) >= shortestCompany {
			return name
		}
	}
	if m := toName.FindStringSubmatch(t); m != nil && m[1] != person && !strings.HasPrefix(m[1], "公司") {
		return m[1]
	}
	if m := fullName.FindStringSubmatch(t); m != nil && !strings.HasPrefix(m[1], "谢谢") && !strings.HasPrefix(m[1], "方便") {
		if sc.Answering || strings.Contains(t, "票") {
			return m[1]
		}
	}
	if strings.Contains(t, person) || sc.Answering && sounds(t, []string{"我自己", "自己", "不要公司", "我本人"}) {
		return person
	}
	return ""
}

// toName is the name of a person or a school that an invoice is made out to.
var toName = regexp.MustCompile(`(?:抬头(?:是|写|开)?|写|名字是|名字叫|个人[， ])(?:个人的?)?[， ]?(\p{Han}{2,15}?)(?:$|，|。|吧|就行)`)

// fullName is a full name that begins with a common surname, right behind the
// invoice or alone: 开票周敏, 李明的.
var fullName = regexp.MustCompile(`(?:^|[， ])(?:[^，。]*(?:开个?票|发票|抬头))?[， ]?(?:就|给|写|开|是|个人的?|名字)*([王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱严覃]\p{Han}{1,2}?)(?:的|吧|就行)*$`)

// companyLead is what people say before the name of their company.
var companyLead = regexp.MustCompile(`^.*(?:抬头是|抬头写|抬头开|抬头|名称是|名字是|全称是|叫做|叫|开给|开个票|开发票|开票|发票|开|写|是)`)

// shortestCompany is the least length of a company's full name.
const shortestCompany = 6

// taxID is a unified social credit code (GB 32100) or an older tax number.
var taxID = regexp.MustCompile(`(?i)(?:^|[^0-9a-z])([0-9a-z]{18}|[0-9]{15}|[0-9]{20})(?:[^0-9a-z]|$)`)

func readTaxID(sc *dialog.Scene) string {
	if m := taxID.FindStringSubmatch(sc.Heard.Text); m != nil {
		return strings.ToUpper(m[1])
	}
	return ""
}
