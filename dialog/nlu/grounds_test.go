package nlu

import "testing"

// Reproaches, tastes and remarks are not what needs words of its own.
func TestSomeIntentsNeedTheirWords(t *testing.T) {
	u, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	for text, never := range map[string]Intent{
		"你们这是打算耍无赖吗": Robot, "你们是不是不想认": Robot, "会不会好好说话": Robot,
		"不要酸的": DoNotCall, "别给我太咸的": DoNotCall, "不要带糖的": DoNotCall,
		"不喜欢": NoRecording, "不同意": NoRecording,
		"老人家想买个手机": Wait, "姑娘我要买茶": Wait,
	} {
		if c := u.Understand(text).Top(); c.Intent == never {
			t.Errorf("%s: %s %.2f", text, c.Intent, c.Score)
		}
	}
	for text, want := range map[string]Intent{
		"你是真人还是机器": Robot, "别再给我打电话了": DoNotCall, "不许录音": NoRecording, "稍等我找一下": Wait,
	} {
		if c := u.Understand(text).Top(); c.Intent != want {
			t.Errorf("%s: %s %.2f, want %s", text, c.Intent, c.Score, want)
		}
	}
}
