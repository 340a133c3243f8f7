package nlu

import "testing"

// An address begins at its first place, whatever goes before, and has a place
// or a number.
func TestFindAddressBehindWords(t *testing.T) {
	for text, want := range map[string]string{
		"抱枕那个改寄到我公司天津市河西区友谊路32号5层": "天津市河西区友谊路32号5层",
		"寄我妈那儿四川省成都市锦江区红星路三段16号":   "四川省成都市锦江区红星路三段16号",
		"就在隔壁小区":       "",
		"改成建设路100号":    "建设路100号",
		"唐山市路北区建设路三号楼": "唐山市路北区建设路三号楼",
	} {
		if got := FindAddress(text); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
