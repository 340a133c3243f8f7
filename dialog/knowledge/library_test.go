package knowledge

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"waggle/shop"
)

// full is a keeper whose disk can be full.
type full struct {
	*Memory
	err error
}

func (f *full) SaveDocument(ctx context.Context, d Stored) error {
	if f.err != nil {
		return f.err
	}
	return f.Memory.SaveDocument(ctx, d)
}

func (f *full) SavePin(ctx context.Context, p Pin) error {
	if f.err != nil {
		return f.err
	}
	return f.Memory.SavePin(ctx, p)
}

var articles = []shop.Article{
	{ID: "ship", Topic: "发货", Questions: []string{"多久发货", "什么时候发货"}, Answer: "四十八小时内发货。"},
	{ID: "fee", Topic: "运费", Questions: []string{"运费多少钱", "包邮吗"}, Answer: "满八十八元包邮。"},
}

func library(t *testing.T) (*Library, *full) {
	t.Helper()
	d := &full{Memory: NewMemory()}
	l, err := Open(t.Context(), articles, d)
	if err != nil {
		t.Fatal(err)
	}
	return l, d
}

func TestPinsHoldAtOnceAndGoFirst(t *testing.T) {
	l, _ := library(t)
	p, err := l.Pin(t.Context(), "多久发货", "大促期间七天内发货。")
	if err != nil {
		t.Fatal(err)
	}
	if a, ok := l.Answer("请问多久发货呀", 0.25); !ok || a.Kind != Pinned || a.Text != "大促期间七天内发货。" || !l.Pinned("多久发货") {
		t.Errorf("%+v, %v", a, ok)
	}
	if a, ok := l.Answer("包邮吗", 0.25); !ok || a.Kind != FAQ || l.Pinned("包邮吗") {
		t.Errorf("%+v, %v", a, ok)
	}
	again, err := l.Pin(t.Context(), "多久发货？", "三天内发货。")
	if err != nil || again.ID != p.ID || len(l.Holdings().Pins) != 1 {
		t.Errorf("%+v, %v, %d pins", again, err, len(l.Holdings().Pins))
	}
	if err := l.RemovePin(t.Context(), p.ID); err != nil {
		t.Error(err)
	}
	if a, ok := l.Answer("多久发货", 0.25); !ok || a.Text != "四十八小时内发货。" {
		t.Errorf("%+v, %v", a, ok)
	}
	if err := l.RemovePin(t.Context(), p.ID); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestDocumentsAnswerWithTheSentencesThatFit(t *testing.T) {
	l, _ := library(t)
	text := "## 保养\n\n真丝衬衫请用冷水手洗，不要拧干。晾在阴凉处，不能暴晒。熨烫温度不要超过一百一十度。\n\n### 能机洗吗？\n可以放进洗衣袋轻柔机洗。\n"
	if _, err := l.Import(t.Context(), "洗涤.md", []byte(text)); err != nil {
		t.Fatal(err)
	}
	for question, want := range map[string]string{
		"真丝衬衫怎么手洗":  "真丝衬衫请用冷水手洗",
		"熨烫温度是多少":   "熨烫温度不要超过一百一十度。",
		"那可以机洗吗":    "可以放进洗衣袋轻柔机洗。",
		"什么时候发货":    "四十八小时内发货。",
		"火星上有没有外星人": "",
	} {
		a, ok := l.Answer(question, 0.5)
		if ok != (want != "") || !strings.HasPrefix(a.Text, want) {
			t.Errorf("%s: %+v, %v", question, a, ok)
		}
	}
	doc, err := l.Import(t.Context(), "洗涤.md", []byte("## 保养\n\n都可以机洗。\n"))
	if err != nil || len(doc.Passages) != 1 || len(l.Holdings().Documents) != 1 {
		t.Errorf("%+v, %v", doc, err)
	}
	if a, ok := l.Answer("熨烫温度是多少", 0.5); ok {
		t.Errorf("the old text still answers: %+v", a)
	}
}

func TestNothingIsHalfImported(t *testing.T) {
	l, d := library(t)
	for name, raw := range map[string]string{"a.exe": "x", "../a.md": "# a\n\nb", "": "x", "a.pdf": "%PDF-1.7 broken", "b.md": "\x00"} {
		if _, err := l.Import(t.Context(), name, []byte(raw)); err == nil {
			t.Errorf("%q was imported", name)
		}
	}
	d.err = errors.New("disk full")
	if _, err := l.Import(t.Context(), "c.md", []byte("# 发票\n\n可以开电子发票。")); !errors.Is(err, d.err) {
		t.Error(err)
	}
	if _, err := l.Pin(t.Context(), "有发票吗", "有。"); !errors.Is(err, d.err) {
		t.Error(err)
	}
	if h := l.Holdings(); len(h.Documents) != 0 || len(h.Pins) != 0 || h.Entries != len(articles) {
		t.Errorf("%+v", h)
	}
}

func TestPinsAreChecked(t *testing.T) {
	l, _ := library(t)
	for _, p := range [][2]string{{"", "a"}, {"？？", "a"}, {"多久发货", ""}, {"多久发货", strings.Repeat("长", maxAnswer+1)}, {strings.Repeat("长", maxQuestion+1), "a"}} {
		if _, err := l.Pin(t.Context(), p[0], p[1]); !errors.Is(err, ErrInvalid) {
			t.Errorf("%.20q: %v", p, err)
		}
	}
	none, err := Open(t.Context(), articles, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Pin(t.Context(), "多久发货", "快。"); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
}

func TestUnansweredQuestionsBecomeDrafts(t *testing.T) {
	l, _ := library(t)
	for q, n := range map[string]int{"可以刻字吗": 5, "能不能刻字": 2, "刻字要多少钱": 1, "有没有实体店": 3, "实体店在哪里": 2} {
		for range n {
			l.Missed(t.Context(), q)
		}
	}
	drafts, err := l.Drafts(t.Context(), time.Time{})
	if err != nil || len(drafts) < 2 || drafts[0].Question != "可以刻字吗" || drafts[0].Times < 7 {
		t.Errorf("%+v, %v", drafts, err)
	}
	if _, err := l.Pin(t.Context(), "可以刻字吗", "可以刻字，不收费。"); err != nil {
		t.Fatal(err)
	}
	again, err := l.Drafts(t.Context(), time.Time{})
	if err != nil || len(again) == 0 || again[0].Question == "可以刻字吗" {
		t.Errorf("%+v, %v", again, err)
	}
}

// Ten thousand entries, as the house wants them.
func BenchmarkRetrieve10000(b *testing.B) {
	entries := make([]Entry, 10_000)
	things := []string{"花瓶", "衬衫", "电饭煲", "跑步鞋", "口红", "台灯", "书包", "茶叶", "耳机", "床单"}
	asks := []string{"%s第%d款多久发货", "%s第%d款能不能机洗", "%s第%d款保修几年", "%s第%d款有没有赠品", "%s第%d款可以开发票吗"}
	for i := range entries {
		q := fmt.Sprintf(asks[i%len(asks)], things[i/7%len(things)], i)
		entries[i] = Entry{ID: fmt.Sprint(i), Kind: FAQ, Questions: []string{q}, Answer: q}
	}
	base := New(entries)
	b.ReportAllocs()
	for b.Loop() {
		if hits := base.Retrieve("请问衬衫第77款能不能放洗衣机里洗", 8); len(hits) == 0 {
			b.Fatal("nothing")
		}
	}
}
