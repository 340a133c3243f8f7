package spoken

import "strings"

var digitNames = [10]string{"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"}

// cardinal reads a run of digits as a quantity: 1205 is 一千二百零五. Numbers
// beyond 16 digits are read digit by digit: nobody would follow otherwise.
func cardinal(digits string) string {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return "零"
	case len(digits) > 16:
		return oneByOne(digits)
	}
	var b strings.Builder
	gap := false // a zero must be said before the next section
	for len(digits) > 0 {
		n := (len(digits)-1)%4 + 1
		section := digits[:n]
		digits = digits[n:]
		if strings.Trim(section, "0") == "" {
			gap = gap || b.Len() > 0
			if len(digits) == 8 && b.Len() > 0 { // 一万亿: the section of 亿 is empty but named
				b.WriteString("亿")
			}
			continue
		}
		if b.Len() > 0 && (gap || section[0] == '0') {
			b.WriteString("零")
		}
		b.WriteString(thousands(section, b.Len() == 0, len(digits) > 0))
		b.WriteString([]string{"", "万", "亿", "万"}[len(digits)/4])
		gap = false
	}
	return b.String()
}

// thousands reads up to four digits. leading shortens 一十 to 十; scaled says
// that 万 or 亿 follows, where a lone 2 is 两.
func thousands(section string, leading, scaled bool) string {
	if scaled && strings.TrimLeft(section, "0") == "2" {
		return "两"
	}
	var b strings.Builder
	zero := false
	for i := range len(section) {
		d, place := section[i]-'0', len(section)-1-i
		if d == 0 {
			zero = b.Len() > 0
			continue
		}
		if zero {
			b.WriteString("零")
			zero = false
		}
		switch {
		case d == 2 && place >= 2:
			b.WriteString("两")
		case d == 1 && place == 1 && leading && b.Len() == 0: // 十二, not 一十二
		default:
			b.WriteString(digitNames[d])
		}
		b.WriteString([]string{"", "十", "百", "千"}[place])
	}
	return b.String()
}

// oneByOne reads every digit by itself; what is not a digit is left out.
func oneByOne(digits string) string {
	var b strings.Builder
	for _, r := range digits {
		if r >= '0' && r <= '9' {
			b.WriteString(digitNames[r-'0'])
		}
	}
	return b.String()
}

// grouped reads digits one by one with a short pause between groups. Up to
// five digits are one group; more are dealt out into as few groups of at most
// four as there can be, the shorter ones first: 3-4-4 for eleven.
func grouped(digits string) string {
	n := len(digits)
	if n <= 5 {
		return oneByOne(digits)
	}
	count := (n + 3) / 4
	groups := make([]string, count)
	for i := range groups {
		size := len(digits) / (count - i)
		groups[i] = oneByOne(digits[:size])
		digits = digits[size:]
	}
	return strings.Join(groups, string(Group))
}

// telephone reads 1 as 幺, as on the phone, where 一 and 七 sound alike.
func telephone(digits string) string {
	return strings.ReplaceAll(grouped(digits), "一", "幺")
}

// number reads what the pattern num matched: sign, thousands separators, a
// fraction.
func number(written string) string {
	sign := ""
	switch {
	case strings.HasPrefix(written, "-"):
		sign, written = "负", written[1:]
	case strings.HasPrefix(written, "+"):
		sign, written = "加", written[1:]
	}
	whole, fraction, decimal := strings.Cut(strings.ReplaceAll(written, ",", ""), ".")
	said := sign + cardinal(whole)
	if decimal {
		said += "点" + oneByOne(fraction)
	}
	return said
}

// counted reads a number in front of what follows: a lone 2 before a measure
// word is 两.
func counted(written, after string) string {
	after = strings.TrimLeft(after, " ")
	if written == "2" && startsWithAny(after, measures) && !startsWithAny(after, numbering) {
		return "两"
	}
	return number(written)
}

// numbering are words that begin like a measure word and are none: 2 before
// them is 二.
var numbering = strings.Fields("年级 季度 单元 分之 次元 次方 层楼 点零")

func startsWithAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// measures are the words before which 2 is 两. Words that number things
// instead of counting them (号 月 日 楼 栋 码 期 级) are not here.
var measures = strings.Fields(`个 件 只 双 条 张 块 元 天 次 位 年 小时 分钟 秒 种 份 箱 包 盒 瓶 台 部 套 款 斤 公斤 千克 克 吨
	米 厘米 毫米 公里 千米 点 周 倍 万 千 百 亿 把 片 本 支 枝 根 颗 粒 袋 桶 罐 杯 碗 盘 朵 束 组 对 排 名 人 家 间 座 辆 架 扇
	面 幅 封 笔 单 样 门 场 遍 趟 回 步 层 段 句 字 页 寸 尺 升 毫升 平方 立方 星期 礼拜 工作日 季 角 毛 分 刻 成 折 口 头 匹 顶 床 筐 卷 提 连 串 滴 则 项 批 类 摞 车`)
