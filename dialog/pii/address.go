package pii

import (
	"regexp"
	"strings"
)

const (
	streetWords    = `路|街|大道|巷|弄|胡同|村|镇|乡|街道|里弄`
	communityWords = `小区|花园|公寓|大厦|广场|家园|新村|苑|雅居|名城|府邸|山庄|社区|校区|园区|宿舍`
	houseNumber    = `[0-9０-９A-Za-z零〇一二三四五六七八九十百千幺两甲乙丙丁东西南北]+(?:[-－之][0-9０-９]+)*`
	houseUnit      = `号院|号楼|号|弄|栋|幢|座|单元|室|楼|层|组|队|房|户|门`
)

var (
	// house is a street or an estate with a number in it.
	house = regexp.MustCompile(`(?:[\p{Han}]{2,8}?(?:省|自治区|自治州|市|区|县|旗|镇|乡|街道))*[\p{Han}A-Za-z0-9]{1,8}?(?:` + streetWords + `|` + communityWords + `)(?:[东西南北中一二三四五六七八九十]+段)?[，, ]?(?:` +
		houseNumber + `(?:` + houseUnit + `))(?:[，, ]?[\p{Han}]{0,8}?(?:` + communityWords + `)?[，, ]?` + houseNumber + `(?:` + houseUnit + `))*(?:[，, ]?[0-9０-９零〇一二三四五六七八九幺]{3,5})?`)
	// street is one within a district, also without a number.
	street = regexp.MustCompile(`[省市区县旗]([\p{Han}]{1,8}?)(?:路|街|大道|巷|弄|胡同|村|镇)(?:[东西南北中一二三四五六七八九十]+段)?`)
)

// talk are words that stand in no name of a street.
const talk = "的在哪这那到从和有没是吗了条"

func addresses(text string) []Span {
	var out []Span
	for _, m := range house.FindAllStringIndex(text, -1) {
		out = append(out, Span{Address, m[0], m[1]})
	}
	for _, m := range street.FindAllStringSubmatchIndex(text, -1) {
		if !strings.ContainsAny(text[m[2]:m[3]], talk) {
			out = append(out, Span{Address, m[0], m[1]})
		}
	}
	return out
}
