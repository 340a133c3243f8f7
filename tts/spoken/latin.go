package spoken

import "strings"

// A foreign word that nobody has listed is read as a Mandarin speaker reads one
// that he has never seen: consonant by vowel, in the characters that names are
// transliterated with (after Xinhua's tables for English names, simplified).
// What has no vowels, is short or is all capitals is spelled instead.

// readable says whether a run of letters is a word rather than an abbreviation.
func readable(word string) bool {
	if len(word) < 4 || len(word) < 6 && word == strings.ToUpper(word) {
		return false
	}
	run, vowels := 0, 0
	for _, c := range strings.ToLower(word) {
		if strings.ContainsRune("aeiouy", c) {
			run = 0
			vowels++
		} else if run++; run > 3 {
			return false
		}
	}
	return vowels > 0
}

// respell brings English spelling closer to sound. Capitals stand for the
// consonants of two letters.
var respell = strings.NewReplacer(
	"tion", "Sen", "sion", "Sen", "ture", "Ce", "ck", "k", "ph", "f", "sch", "S", "sh", "S", "tch", "C", "ch", "C", "th", "s", "wh", "w",
	"qu", "kw", "q", "k", "ce", "se", "ci", "si", "cy", "si", "c", "k", "x", "ks", "dg", "j", "ge", "je", "kn", "n", "wr", "r",
	"bb", "b", "dd", "d", "ff", "f", "gg", "g", "ll", "l", "mm", "m", "nn", "n", "pp", "p", "rr", "r", "ss", "s", "tt", "t", "zz", "z",
)

// nuclei maps written vowels to columns of syllables; longer ones go first.
var nuclei = []struct{ letters, plain, nasal, velar string }{
	{"igh", "ai", "ai", "ai"}, {"ai", "ei", "en", "en"}, {"ay", "ei", "en", "en"}, {"ea", "i", "in", "ing"}, {"ee", "i", "in", "ing"},
	{"ei", "ei", "en", "en"}, {"ey", "i", "in", "ing"}, {"ie", "i", "in", "ing"}, {"oa", "o", "ong", "ong"}, {"oo", "u", "en", "ong"},
	{"ou", "ao", "ang", "ang"}, {"ow", "ou", "ong", "ong"}, {"au", "ao", "ang", "ang"}, {"aw", "o", "ong", "ong"}, {"ue", "u", "en", "ong"},
	{"oi", "o", "ong", "ong"}, {"oy", "o", "ong", "ong"}, {"a", "a", "an", "ang"}, {"e", "e", "en", "ing"}, {"i", "i", "in", "ing"},
	{"o", "o", "ong", "ong"}, {"u", "u", "en", "ang"}, {"y", "i", "in", "ing"},
}

// columns of the rows below; the last character says the consonant alone.
var columns = strings.Fields("a ai ao an ang e ei en i in ing o ou ong u")

var rows = map[byte][]rune{
	0:   []rune("阿艾奥安昂厄诶恩伊因英欧欧翁乌"),
	'b': []rune("巴拜宝班邦伯贝本比宾兵波波邦布布"), 'p': []rune("帕派炮潘庞珀佩彭皮品平坡坡庞普普"),
	'm': []rune("马麦毛曼芒默梅门米敏明莫莫蒙姆姆"), 'f': []rune("法费佛凡方弗费芬菲芬丰佛否丰夫夫"),
	'd': []rune("达戴道丹当德黛登迪丁丁多豆东杜德"), 't': []rune("塔泰涛坦唐特泰腾提廷廷托透通图特"),
	'n': []rune("纳奈瑙南囊讷内嫩尼宁宁诺诺农努恩"), 'l': []rune("拉莱劳兰朗勒雷伦利林灵洛楼龙卢尔"),
	'g': []rune("嘎盖高甘冈格盖根吉金京戈沟贡古格"), 'k': []rune("卡凯考坎康克凯肯基金京科口孔库克"),
	'h': []rune("哈海豪汉杭赫黑亨希欣兴霍侯洪胡赫"), 'j': []rune("贾杰焦詹江杰杰珍吉金京乔周琼朱吉"),
	'r': []rune("拉莱劳兰朗瑞雷伦里林灵罗罗龙鲁尔"), 's': []rune("萨赛绍桑桑瑟赛森西辛星索索松苏斯"),
	'S': []rune("沙晒肖山尚舍谢申希辛兴硕寿雄舒什"), 'C': []rune("查柴乔钱昌车切陈奇钦庆乔丘冲楚奇"),
	'z': []rune("扎载早赞臧泽贼增兹津晶佐邹宗祖兹"), 'w': []rune("瓦怀沃万王沃韦文维温温沃沃翁伍乌"),
	'v': []rune("瓦怀沃万王沃韦文维温温沃沃翁伍夫"), 'y': []rune("亚艾耀燕扬耶耶延伊因英约尤永尤伊"),
}

func syllable(onset byte, column string) rune {
	for i, name := range columns {
		if name == column {
			return rows[onset][i]
		}
	}
	return rows[onset][0]
}

// transliterate writes a readable word in characters.
func transliterate(word string) string {
	s := respell.Replace(strings.ToLower(word))
	if n := len(s); n > 3 && s[n-1] == 'e' && !isVowel(s, n-2) { // a last e is silent
		s = s[:n-1]
	}
	var out []rune
	for i := 0; i < len(s); {
		onset := byte(0)
		if !isVowel(s, i) || s[i] == 'y' && i+1 < len(s) && isVowel(s, i+1) {
			onset = s[i]
			i++
			if !isVowel(s, i) {
				out = append(out, rows[onset][len(columns)])
				continue
			}
		}
		column, n := nucleus(s[i:])
		out = append(out, syllable(onset, column))
		i += n
	}
	return string(out)
}

// nucleus reads a vowel with the n, ng or m that closes its syllable.
func nucleus(s string) (column string, length int) {
	for _, v := range nuclei {
		rest, ok := strings.CutPrefix(s, v.letters)
		switch {
		case !ok:
			continue
		case strings.HasPrefix(rest, "ng") && !isVowel(rest, 2):
			return v.velar, len(v.letters) + 2
		case (strings.HasPrefix(rest, "n") || strings.HasPrefix(rest, "m")) && !isVowel(rest, 1):
			return v.nasal, len(v.letters) + 1
		}
		return v.plain, len(v.letters)
	}
	return "a", 1
}

func isVowel(s string, i int) bool {
	return i >= 0 && i < len(s) && strings.IndexByte("aeiouy", s[i]) >= 0
}
