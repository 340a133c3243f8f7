package shop

import "testing"

func TestFen(t *testing.T) {
	for f, want := range map[Fen]string{0: "0", 5: "0.05", 50: "0.5", 100: "1", 1250: "12.5", 12800: "128", 12801: "128.01", -1250: "-12.5"} {
		if got := f.String(); got != want {
			t.Errorf("%d: %s, not %s", int64(f), got, want)
		}
	}
	if Yuan(3) != 300 {
		t.Error("a yuan has a hundred fen")
	}
}

func TestAddress(t *testing.T) {
	a := Address{Province: "上海市", City: "上海市", District: "徐汇区", Street: "漕溪北路88号"}
	if got := a.String(); got != "上海市徐汇区漕溪北路88号" {
		t.Errorf("%s names the city twice", got)
	}
	a.Province = "江苏省"
	if got := a.String(); got != "江苏省上海市徐汇区漕溪北路88号" {
		t.Error(got)
	}
}

func TestTail(t *testing.T) {
	if got := (Order{ID: "2679864326"}).Tail(); got != "4326" {
		t.Error(got)
	}
	if got := (Parcel{Tracking: "12"}).Tail(); got != "12" {
		t.Error(got)
	}
}
