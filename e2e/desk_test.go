package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// picture keeps what the browser shows, where pictures are asked for.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("WAGGLE_E2E_PICTURES")
	if dir == "" {
		return
	}
	page, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	_ = os.WriteFile(filepath.Join(dir, name+".png"), page, 0o600)
}

// shows waits until an element of the page holds the words.
func shows(t *testing.T, ctx context.Context, selector, words string) {
	t.Helper()
	js := `[...document.querySelectorAll("` + selector + `")].map((e) => e.textContent).join("\n")`
	await(t, selector+" to show "+words, 30*time.Second, func() bool {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](js))
		return err == nil && strings.Contains(got, words)
	})
}

// A shopper shows a broken vase and asks for a person; an operator finds both
// in the console, takes the conversation, answers in it and gives it back.
func TestAnOperatorWorksAtTheDesk(t *testing.T) {
	need(t, "chromium")
	g := serve(t, "")
	ctx := browser(t, "")
	if err := chromedp.Do(ctx, chromedp.Navigate(g.web+"/console"), chromedp.WaitVisible("#key")); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`localStorage.setItem("language", "zh"), true`)); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx,
		chromedp.Reload(), chromedp.WaitVisible("#key"),
		chromedp.SendKeys("#key", g.key+"\r"), chromedp.WaitVisible("#queue-title"),
		chromedp.SendKeys("#operator", "小安\t")); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "#figures", "等待接入 0")
	shows(t, ctx, "#hours", "现在转人工") // somebody looks at the queue
	picture(t, ctx, "desk-empty")

	id := g.begin(`{"from":"13800000003"}`)
	g.say(id, "花瓶收到就碎了")
	g.show(id, photographed(t, true))
	g.say(id, "转人工")
	const attack = `<img src=x onerror="document.body.dataset.stolen=1">`
	g.say(id, attack)
	g.say(id, "在吗")
	shows(t, ctx, "#queue", "在吗")
	if err := chromedp.Do(ctx, chromedp.WaitVisible("#queue .ticket"), chromedp.Click("#queue .ticket"), chromedp.WaitVisible("#packet .photos img")); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "#turns", attack)
	shows(t, ctx, "#packet", "13") // the masked number and the order
	shows(t, ctx, "#packet", "商品破损")
	picture(t, ctx, "desk-waiting")
	if err := chromedp.Do(ctx, chromedp.Click("#packet .thumb"), chromedp.WaitVisible("#lightbox[open] #large")); err != nil {
		t.Fatal(err)
	}
	await(t, "the marked picture", 30*time.Second, func() bool {
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.querySelector("#large").naturalWidth`))
		return err == nil && wide > 0
	})
	picture(t, ctx, "desk-picture")
	if err := chromedp.Do(ctx, chromedp.Click("#lightbox-close"), chromedp.Click("#take"), chromedp.WaitVisible("#compose"),
		chromedp.SendKeys("#words", "您好，我是小安，马上给您处理。\r")); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "#turns li.person", "我是小安")
	if r := g.say(id, "好的谢谢"); r != "" {
		t.Errorf("the robot said %q", r)
	}
	shows(t, ctx, "#turns", "好的谢谢")
	shows(t, ctx, "#figures", "接待中 1")
	picture(t, ctx, "desk-taken")
	if err := chromedp.Do(ctx, chromedp.Click("#give"), chromedp.WaitNotVisible("#compose")); err != nil {
		t.Fatal(err)
	}
	shows(t, ctx, "#turns", "交还给小店")
	shows(t, ctx, "#figures", "接待中 0")
	if r := g.say(id, "你们几点上班"); r == "" {
		t.Error("the robot is still silent")
	}
	stolen, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.body.dataset.stolen !== undefined || document.querySelector("img[src=x]") !== null`))
	if err != nil || stolen {
		t.Errorf("what a shopper writes became part of the page: %v %v", stolen, err)
	}
}
