package tool

import (
	"testing"

	"waggle/shop"
)

// A correction changes what it names, and nothing else of an address.
func TestAnAddressThatIsCorrected(t *testing.T) {
	old := shop.Address{Name: "王芳", Phone: "13800000001", Province: "河北省", City: "唐山市", District: "路北区", Street: "新华西道271号5座703室"}
	for said, want := range map[string]shop.Address{
		"唐山市路北区建设路100号":       {Province: "河北省", City: "唐山市", District: "路北区", Street: "建设路100号"},
		"唐山市路北区建设路100号\n102号": {Province: "河北省", City: "唐山市", District: "路北区", Street: "建设路102号"},
		"273号":   {Province: "河北省", City: "唐山市", District: "路北区", Street: "新华西道273号5座703室"},
		"6座801室": {Province: "河北省", City: "唐山市", District: "路北区", Street: "新华西道271号6座801室"},
		"河北省唐山市路南区新华东道12号\n21号": {Province: "河北省", City: "唐山市", District: "路南区", Street: "新华东道21号"},
		"新华东道21号":        {Province: "河北省", City: "唐山市", District: "路北区", Street: "新华东道21号"},
		"天津市河西区友谊路32号5层": {Province: "天津市", City: "天津市", District: "河西区", Street: "友谊路32号5层"},
	} {
		want.Name, want.Phone = old.Name, old.Phone
		if got := NewAddress(old, said); got != want {
			t.Errorf("%q: %#v", said, got)
		}
	}
}
