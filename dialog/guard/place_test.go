package guard

import "testing"

func TestWordsThatEndLikeAPlaceAreNone(t *testing.T) {
	for sentence, want := range map[string]int{
		"没有收到的话，可以看看家门口或者驿站。": 0,
		"可以送到驿站，也可以走别的路。":     0,
		"您的花瓶已到达西湖区营业点。":      1,
		"放在阳光驿站了。":            1,
		"寄到杭州市文三路100号。":       3, // the city twice: by its name and by its ending
	} {
		if got := placed(sentence); len(got) != want {
			t.Errorf("%s: %v, want %d places", sentence, got, want)
		}
	}
}
