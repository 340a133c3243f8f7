package guard

import (
	"regexp"
	"strings"
)

// promises are the words that bind the shop or frighten the shopper.
var promises = []string{"保证", "承诺", "担保", "一定", "肯定", "必定", "赔偿", "赔付", "假一赔", "免费", "包赔", "包退", "包换", "立即到账", "马上到账", "秒到", "秒退",
	"小时内", "分钟内", "天内", "工作日", "永久", "终身", "无条件", "全额", "最低价", "绝对", "百分之百", "百分百", "包邮", "免运费", "免单", "白送", "赠送", "送您", "翻倍",
	"不要钱", "先行赔付", "guarantee", "for free", "compensat"}

// unbound stand before a promise that is none: 不能保证, 不一定.
var unbound = regexp.MustCompile(`(?:不|无法|没法|没有|不敢|不能|难以)(?:能|敢|会|是)?$`)

func promised(sentence string) []Claim {
	var out []Claim
	lower := strings.ToLower(sentence)
	for _, p := range promises {
		for from := 0; ; {
			i := strings.Index(lower[from:], p)
			if i < 0 {
				break
			}
			if i += from; !unbound.MatchString(lower[:i]) {
				out = append(out, Claim{Kind: Promise, Text: p, value: p})
				break
			}
			from = i + len(p)
		}
	}
	return out
}

// couriers are the carriers of China as they are called.
var couriers = regexp.MustCompile(`顺丰|圆通|中通|申通|韵达|极兔|德邦|百世|京东(?:快递|物流)|邮政|EMS|菜鸟|丰巢|天天快递|宅急送|优速|跨越速运|达达|闪送`)

func carried(sentence string) []Claim {
	var out []Claim
	for _, name := range couriers.FindAllString(sentence, -1) {
		out = append(out, Claim{Kind: Courier, Text: name, value: name})
	}
	return out
}

// quotes hold names: what a sentence puts in quotation marks must stand so in
// the evidence.
var quotes = regexp.MustCompile(`[「『《“"]([^」』》”"]{2,40})[」』》”"]`)

func quoted(sentence string) []Claim {
	var out []Claim
	for _, m := range quotes.FindAllStringSubmatch(sentence, -1) {
		out = append(out, Claim{Kind: Product, Text: m[1], value: m[1]})
	}
	return out
}
