package spoken

import (
	"errors"
	"testing"
)

func TestAsReadsInTheWayAskedFor(t *testing.T) {
	cases := []struct{ kind, format, text, want string }{
		{"cardinal", "", "1205", "一千两百零五"},
		{"number", "", "-3.50", "负三点五零"},
		{"cardinal", "", "1,299", "一千两百九十九"},
		{"ordinal", "", "12", "第十二"},
		{"ordinal", "", "第3", "第三"},
		{"digits", "", "007", "零零七"},
		{"digits", "", "12-34 5", "一二、三四、五"},
		{"telephone", "", "+86 138 1234 5678", "幺三八、幺二三四、五六七八"},
		{"telephone", "", "(021)5888-1234", "零二幺、五八八八、幺二三四"},
		{"telephone", "", "400-820-8820转12", "四零零、八二零、八八二零、转幺二"},
		{"date", "", "2026-11-20", "二零二六年十一月二十日"},
		{"date", "", "2026年11月", "二零二六年十一月"},
		{"date", "", "11/20", "十一月二十日"},
		{"date", "dmy", "20.11.2026", "二零二六年十一月二十日"},
		{"date", "y", "2026", "二零二六年"},
		{"date", "md", "2-3", "二月三日"},
		{"time", "", "08:05", "八点零五分"},
		{"time", "", "14:30:09", "十四点三十分零九秒"},
		{"currency", "", "¥12.50", "十二点五元"},
		{"currency", "", "USD 19.9", "十九点九美元"},
		{"currency", "", "2", "两元"},
		{"currency", "", "2块", "两块"},
		{"characters", "", "Ab-1", "诶 必 杠 一"},
		{"spell-out", "", "中文 X", "中 文 艾克斯"},
		{"digits", "", "１２", "一二"},
	}
	for _, c := range cases {
		got, err := As(c.kind, c.format, c.text)
		if err != nil || got != c.want {
			t.Errorf("%s %s %q is read %q (%v), want %q", c.kind, c.format, c.text, got, err, c.want)
		}
	}
}

func TestAsRefusesWhatIsNotSo(t *testing.T) {
	for _, c := range []struct{ kind, format, text string }{
		{"cardinal", "", "十二"}, {"cardinal", "", ""}, {"ordinal", "", "x"}, {"digits", "", "12a"}, {"digits", "", "-"},
		{"telephone", "", "call me"}, {"date", "", "2026-13-01"}, {"date", "", "1-2-3-4"}, {"date", "ymd", "11/20"}, {"date", "hms", "1-2-3"},
		{"date", "", "202-1-1"}, {"time", "", "25:00"}, {"time", "", "8:60"}, {"time", "", "8:00:61"}, {"currency", "", "¥"},
		{"characters", "", "😊"}, {"fraction", "", "1/2"}, {"", "", "1"},
	} {
		if got, err := As(c.kind, c.format, c.text); !errors.Is(err, ErrNotSo) {
			t.Errorf("%s %s %q passed as %q (%v)", c.kind, c.format, c.text, got, err)
		}
	}
}

func FuzzAs(f *testing.F) {
	for kind := range readers {
		f.Add(kind, "", "12")
	}
	f.Add("date", "mdy", "1/2/2026")
	f.Fuzz(func(t *testing.T, kind, format, text string) {
		said, err := As(kind, format, text)
		if err != nil {
			return
		}
		if again := Form(said); again == "" || again != Form(again) {
			t.Fatalf("%s %s %q is read %q, which Form turns into %q", kind, format, text, said, again)
		}
	})
}
