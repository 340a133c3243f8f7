package guard

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"waggle/dialog/nlu/division"
)

var (
	// cities are provinces and prefecture-level cities by their short names,
	// without those that are words too: of these 市 must follow.
	cities = NewNames(division.Names())
	// districts are streets and districts by their last two characters and what
	// they are: where a name begins cannot be told without a map.
	districts = regexp.MustCompile(`\p{Han}{2}(市|区|县|镇|街道|大道|路|巷|胡同|小区|大厦|广场|驿站)`)
	// functionWords stand before a place and are no part of its name.
	functionWords = "者的去到在和是从把个这那哪某各回往或及"
	// common are words that end like a place.
	common = []string{"超市", "城市", "门市", "上市", "夜市", "市区", "小区", "地区", "社区", "园区", "校区", "专区", "分区", "误区", "城区", "郊区", "景区",
		"服务区", "偏远区", "售后区", "讨论区", "评论区", "道路", "公路", "铁路", "马路", "线路", "思路", "电路", "网路", "原路", "顺路", "绕路", "套路", "门路", "通路", "半路", "走路", "一路", "在路", "上路", "出路", "的路", "城镇", "乡镇", "县区"}
)

// placed finds the places that a sentence names.
func placed(sentence string) []Claim {
	var out []Claim
	for _, name := range cities.In(sentence) {
		out = append(out, Claim{Kind: Place, Text: name, value: name})
	}
	for _, at := range districts.FindAllStringSubmatchIndex(sentence, -1) {
		name := sentence[at[0]:at[1]]
		before, _ := utf8.DecodeLastRuneInString(sentence[:at[2]])
		if strings.ContainsRune(functionWords, before) {
			continue // 或者驿站 is any
		}
		if !slices.ContainsFunc(common, func(w string) bool { return strings.HasSuffix(name, w) }) {
			out = append(out, Claim{Kind: Place, Text: name, value: name})
		}
	}
	return out
}
