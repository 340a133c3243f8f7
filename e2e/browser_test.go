package e2e

import (
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser opens headless Chromium whose microphone plays a recording.
func browser(t *testing.T, microphone string) context.Context {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(need(t, "chromium")), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("use-fake-ui-for-media-stream", true),
		chromedp.Flag("use-file-for-fake-audio-capture", microphone+"%noloop"),
		chromedp.Flag("disable-features", "WebRtcHideLocalIpsWithMdns"),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "zh-CN"), chromedp.WindowSize(1280, 900))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// texts reads what elements say.
func texts(t *testing.T, ctx context.Context, selector string) []string {
	t.Helper()
	js := `[...document.querySelectorAll("` + selector + `")].map((e) => e.firstChild?.textContent || "")`
	list, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](js))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// brokenVase draws a vase on a table with dark jagged cracks.
func brokenVase(t *testing.T) string {
	t.Helper()
	const side = 900
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{214, 208, 198, 255}), image.Point{}, draw.Src)
	for y := 120; y < 800; y++ {
		half := int(150 + 90*math.Sin(float64(y-120)/680*math.Pi*1.4))
		for x := side/2 - half; x < side/2+half; x++ {
			light := 1 - 0.35*math.Abs(float64(x-side/2+60))/float64(half+60)
			img.Set(x, y, color.RGBA{uint8(70 * light), uint8(120 * light), uint8(190 * light), 255})
		}
	}
	x, y := 430.0, 260.0
	for i := range 420 {
		x += 1.4*math.Sin(float64(i)/9) + 0.9*math.Cos(float64(i)/23)
		y++
		for d := -3; d <= 3; d++ {
			img.Set(int(x)+d, int(y), color.RGBA{18, 14, 12, 255})
			img.Set(int(x)+d+i/5, int(y)-40, color.RGBA{18, 14, 12, 255})
		}
	}
	path := filepath.Join(t.TempDir(), "vase.jpg")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, img, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestABrowserTalksAndShowsAPhotoInOneConversation(t *testing.T) {
	need(t, "chromium")
	g := serve(t, "voice: {record: false}\n")
	ctx := browser(t, ask(t, 14*time.Second, 40*time.Second, "我收到的花瓶碎了"))
	if err := chromedp.Do(ctx,
		chromedp.Navigate(g.web+"/"), chromedp.WaitVisible("#examples button"),
		chromedp.Click("#call"), chromedp.WaitVisible("#turns li.robot")); err != nil {
		t.Fatal(err)
	}
	await(t, "the call to be connected", 30*time.Second, func() bool {
		state, err := chromedp.Run(ctx, chromedp.AttributeValue("#call", "data-state"))
		return err == nil && state.Value == "talking"
	})
	await(t, "spoken words in the transcript", 60*time.Second, func() bool { return len(texts(t, ctx, "#turns li.user")) > 0 })
	before := len(texts(t, ctx, "#turns li.robot"))
	if err := chromedp.Do(ctx, chromedp.SetUploadFiles("#photo", []string{brokenVase(t)})); err != nil {
		t.Fatal(err)
	}
	await(t, "an answer to the photo", 30*time.Second, func() bool { return len(texts(t, ctx, "#turns li.robot")) > before })
	page, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("WAGGLE_E2E_PICTURES"); dir != "" {
		_ = os.WriteFile(filepath.Join(dir, "page.png"), page, 0o600)
	}
	if err := chromedp.Do(ctx, chromedp.Click("#call")); err != nil {
		t.Fatal(err)
	}
	calls := g.calls()
	if len(calls) != 1 {
		t.Fatalf("%d conversations, want one for voice and photo: %+v", len(calls), calls)
	}
	var spoken, photo bool
	for _, turn := range calls[0].Turns {
		spoken = spoken || turn.User != ""
		photo = photo || turn.Photo != ""
	}
	if !spoken || !photo {
		t.Errorf("spoken %v, photo %v: %+v", spoken, photo, calls[0])
	}
	if problem := strings.Join(texts(t, ctx, "#problem"), ""); problem != "" {
		t.Errorf("the page complains: %s", problem)
	}
}
