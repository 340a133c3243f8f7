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

// Who receives is a part of an address, and no part of its street.
func TestTheReceiverOfAnAddress(t *testing.T) {
	for said, want := range map[string][3]string{
		"唐山市路北区建设路100号 李雷 13912345678": {"李雷", "13912345678", "唐山市路北区建设路100号"},
		"建设路100号，收件人李雷，电话13912345678":  {"李雷", "13912345678", "建设路100号"},
		"收货人换成欧阳小梅":                    {"欧阳小梅", "", ""},
		"电话改成139 1234 5678":            {"", "13912345678", ""},
		"建设路100号，李雷收":                  {"李雷", "", "建设路100号"},
		"文三路90号收费站旁边":                  {"", "", "文三路90号收费站旁边"},
	} {
		if name, phone, place := Receiver(said); [3]string{name, phone, place} != want {
			t.Errorf("%s: %q %q %q", said, name, phone, place)
		}
	}
}
