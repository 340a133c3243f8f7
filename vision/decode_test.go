package vision

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"waggle/vision/hostile"
)

func decodeBytes(b []byte) (Image, error) { return Decode(bytes.NewReader(b), DefaultLimits()) }

// near checks the four squares in reading order.
func near(t *testing.T, m Image, tolerance int, want ...[3]int) {
	t.Helper()
	for i, c := range want {
		x, y := m.W/4+i%2*m.W/2, m.H/4+i/2*m.H/2
		r, g, b := m.At(x, y)
		got := [3]int{int(r), int(g), int(b)}
		for k := range 3 {
			if d := got[k] - c[k]; d > tolerance || d < -tolerance {
				t.Errorf("square %d is %v, want %v", i, got, c)
				break
			}
		}
	}
}

var red, green, blue, white = [3]int{200, 30, 30}, [3]int{30, 160, 60}, [3]int{30, 60, 200}, [3]int{255, 255, 255}

func TestDecodeReadsEveryFormOfPhoto(t *testing.T) {
	plain := hostile.Picture(48, 32)
	gray16 := image.NewGray16(plain.Rect)
	deep := image.NewNRGBA64(plain.Rect)
	few := image.NewPaletted(plain.Rect, append(color.Palette{color.NRGBA{200, 30, 30, 255}, color.NRGBA{30, 160, 60, 255}, color.NRGBA{30, 60, 200, 255}, color.White}, palette.WebSafe[:200]...))
	for _, dst := range []draw.Image{gray16, deep, few} {
		draw.Draw(dst, plain.Rect, plain, image.Point{}, draw.Src)
	}
	grey := func(c [3]int) [3]int {
		y := color.GrayModel.Convert(color.NRGBA{uint8(c[0]), uint8(c[1]), uint8(c[2]), 255}).(color.Gray).Y
		return [3]int{int(y), int(y), int(y)}
	}
	all := [][3]int{red, green, blue, white}
	cases := []struct {
		name      string
		file      []byte
		tolerance int
		want      [][3]int
	}{
		{"jpeg", jpegFile(t, plain), 6, all},
		{"png", pngFile(t, plain), 0, all},
		{"16-bit png", pngFile(t, deep), 1, all},
		{"16-bit grey png", pngFile(t, gray16), 1, [][3]int{grey(red), grey(green), grey(blue), white}},
		{"palette png", pngFile(t, few), 0, all},
		{"lossy webp", testFile(t, "lossy.webp"), 8, all},
		{"lossless webp", testFile(t, "lossless.webp"), 0, all},
		{"cmyk jpeg", testFile(t, "cmyk.jpg"), 8, all},
		{"progressive jpeg", testFile(t, "progressive.jpg"), 8, all},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := decodeBytes(c.file)
			if err != nil {
				t.Fatal(err)
			}
			if m.W != 48 || m.H != 32 {
				t.Fatalf("size %d x %d", m.W, m.H)
			}
			near(t, m, c.tolerance, c.want...)
		})
	}
}

func TestDecodeLaysAlphaOverWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []uint8{0, 0, 0, 128})
	}
	got, err := decodeBytes(pngFile(t, m))
	if err != nil {
		t.Fatal(err)
	}
	near(t, got, 1, [3]int{127, 127, 127})
	web, err := decodeBytes(testFile(t, "alpha.webp"))
	if err != nil {
		t.Fatal(err)
	}
	if r, g, b := web.At(4, 0); r < 245 || g < 245 || b < 245 {
		t.Errorf("transparent top row is %d %d %d, want white", r, g, b)
	}
}

func TestDecodeTurnsUprightAndForgetsThePlace(t *testing.T) {
	stored := jpegFile(t, hostile.Picture(48, 32))
	cases := map[uint16][4][3]int{
		1: {red, green, blue, white},
		2: {green, red, white, blue},
		3: {white, blue, green, red},
		4: {blue, white, red, green},
		5: {red, blue, green, white},
		6: {blue, red, white, green},
		7: {white, green, blue, red},
		8: {green, white, red, blue},
	}
	for o, want := range cases {
		m, err := decodeBytes(hostile.WithSegment(stored, markAPP1, hostile.Exif(o)))
		if err != nil {
			t.Fatal(err)
		}
		if turned := o >= 5; turned != (m.W == 32) || turned != (m.SourceW == 32) {
			t.Errorf("orientation %d: %d x %d", o, m.W, m.H)
		}
		near(t, m, 8, want[:]...)
		var again bytes.Buffer
		if err := m.JPEG(&again); err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(again.Bytes(), []byte("GPS")) || bytes.Contains(again.Bytes(), []byte("Exif")) {
			t.Errorf("orientation %d: metadata survives", o)
		}
	}
	web, err := decodeBytes(testFile(t, "exif.webp"))
	if err != nil {
		t.Fatal(err)
	}
	near(t, web, 10, blue, red, white, green)
}

func TestDecodeNamesAnEditorAndNothingElse(t *testing.T) {
	photo, pic := jpegFile(t, hostile.Picture(96, 96)), pngFile(t, hostile.Picture(96, 96))
	cases := map[string]struct {
		file []byte
		want string
	}{
		"XMP":         {hostile.WithSegment(photo, markAPP1, []byte("http://ns.adobe.com/xap/1.0/\x00<x xmp:CreatorTool=\"Adobe Photoshop 25.0 (Windows)\"/>")), "Photoshop"},
		"its block":   {hostile.WithSegment(photo, markAPPD, []byte("Photoshop 3.0\x008BIM")), "Photoshop"},
		"EXIF":        {hostile.WithSegment(photo, markAPP1, append(hostile.Exif(1), "Snapseed 2.0"...)), "Snapseed"},
		"PNG text":    {withChunk(pic, "tEXt", []byte("Software\x00GIMP 2.10")), "GIMP"},
		"a phone":     {hostile.WithSegment(photo, markAPP1, append(hostile.Exif(1), "V12.5.8.0 camera"...)), ""},
		"no metadata": {photo, ""},
	}
	for name, c := range cases {
		m, err := decodeBytes(c.file)
		if err != nil || m.Editor != c.want {
			t.Errorf("%s: %q, want %q, %v", name, m.Editor, c.want, err)
		}
	}
}

func TestDecodeSamplesTheCodingOfLargeJPEGs(t *testing.T) {
	m, err := decodeBytes(jpegFile(t, hostile.Picture(1600, 1200)))
	if err != nil {
		t.Fatal(err)
	}
	if c := m.Coding; c == nil || c.Step != 2 || c.W != 100 || c.H != 75 || len(c.Luma) != 64*c.W*c.H {
		t.Errorf("%+v", m.Coding.Step)
	}
	if m, _ = decodeBytes(pngFile(t, hostile.Picture(480, 320))); m.Coding != nil {
		t.Error("a PNG has coding blocks")
	}
}

func TestDecodeConvertsProfilesToSRGB(t *testing.T) {
	displayP3 := [3][3]float64{{0.51512, 0.29198, 0.15710}, {0.24120, 0.69225, 0.06657}, {-0.00105, 0.04189, 0.78407}}
	m := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := 0; i < len(m.Pix); i += 4 {
		copy(m.Pix[i:], []uint8{180, 90, 60, 255})
	}
	file := pngFile(t, m)
	iccp := func(p []byte) []byte {
		var b bytes.Buffer
		b.WriteString("p\x00\x00")
		z := deflate(t, p)
		b.Write(z)
		return b.Bytes()
	}
	cases := []struct {
		name    string
		profile []byte
		want    Profile
		rgb     [3]int
	}{
		// Display P3 180 90 60 with gamma 2.2 is 193 85 50 in sRGB, computed with the published matrices.
		{"display p3", profile(2.2, displayP3), ProfileConverted, [3]int{193, 85, 50}},
		{"gamma 1 in sRGB's colorants", profile(1, srgbToXYZ), ProfileConverted, [3]int{217, 160, 133}},
		{"not a profile", []byte("hello"), ProfileUnknown, [3]int{180, 90, 60}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := decodeBytes(withChunk(file, "iCCP", iccp(c.profile)))
			if err != nil {
				t.Fatal(err)
			}
			if got.Profile != c.want {
				t.Errorf("profile %q, want %q", got.Profile, c.want)
			}
			near(t, got, 3, c.rgb)
		})
	}
	seg := join([]byte("ICC_PROFILE\x00\x01\x01"), profile(2.2, displayP3))
	if got, err := decodeBytes(hostile.WithSegment(jpegFile(t, m), markAPP2, seg)); err != nil || got.Profile != ProfileConverted {
		t.Errorf("JPEG with a profile: %v, %q", err, got.Profile)
	}
}

func TestDecodeRefusesWhatIsNoPhoto(t *testing.T) {
	good, pic := jpegFile(t, hostile.Picture(480, 320)), pngFile(t, hostile.Picture(480, 320))
	var many []byte
	for range 20 {
		many = append(many, join([]byte{0xff, markCOM, 0xff, 0xff}, make([]byte, 65533))...)
	}
	cases := []struct {
		name   string
		file   []byte
		want   error
		status int
	}{
		{"empty", nil, ErrUnsupported, 415},
		{"text", []byte("please refund me now, thank you"), ErrUnsupported, 415},
		{"svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), ErrUnsupported, 415},
		{"gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00aaaaaa"), ErrUnsupported, 415},
		{"tiff", []byte("II*\x00\x08\x00\x00\x00aaaaaaaa"), ErrUnsupported, 415},
		{"pdf", []byte("%PDF-1.7\n%aaaaaaaaaaa"), ErrUnsupported, 415},
		{"heic", []byte("\x00\x00\x00\x18ftypheicaaaa"), ErrUnsupported, 415},
		{"a zip that says jpeg", []byte("PK\x03\x04image.jpg aaaaaaa"), ErrUnsupported, 415},
		{"lossless jpeg", bytes.Replace(good, []byte{0xff, 0xc0}, []byte{0xff, 0xc3}, 1), ErrUnsupported, 415},
		{"apng", testFile(t, "animated.png"), ErrAnimated, 415},
		{"animated webp", testFile(t, "animated.webp"), ErrAnimated, 415},
		{"jpeg pixel bomb", hostile.Resized(good, 65000, 65000), ErrTooManyPix, 413},
		{"jpeg of one long line", hostile.Resized(good, 9000, 1), ErrTooManyPix, 413},
		{"png pixel bomb", pngBomb(60000, 60000)[:4096], ErrTooManyPix, 413},
		{"png of zeros", pngBomb(1500, 1500), ErrOverloaded, 422},
		{"png with no height", pngBomb(4, 0), ErrUnreadable, 422},
		{"zTXt beside the picture", withChunk(pic, "zTXt", make([]byte, 2<<20)), ErrOverloaded, 422},
		{"two frames in a jpeg", join(good[:2], good[2:], nil)[:len(good)-2], ErrIncomplete, 422},
		{"comments", join(good[:2], many, good[2:]), ErrOverloaded, 422},
		{"jpeg cut in the middle", good[:len(good)/2], ErrIncomplete, 422},
		{"jpeg cut in the header", good[:100], ErrIncomplete, 422},
		{"png cut", pic[:len(pic)-20], ErrIncomplete, 422},
		{"webp cut", testFile(t, "lossy.webp")[:60], ErrIncomplete, 422},
		{"three bytes", good[:3], ErrIncomplete, 422},
		{"jpeg that announces more than it has", hostile.Resized(good, 480, 4000), ErrIncomplete, 422},
		{"png with a flipped bit", flipped(pic, len(pic)/2), ErrUnreadable, 422},
		{"jpeg without tables", join(good[:bytes.Index(good, []byte{0xff, 0xc4})], good[bytes.Index(good, []byte{0xff, 0xda}):]), ErrUnreadable, 422},
		{"ten megabytes and one", join(good, make([]byte, 10<<20)), ErrTooBig, 413},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := decodeBytes(c.file)
			var r *Refusal
			if !errors.As(err, &r) {
				t.Fatalf("error %v, want a Refusal", err)
			}
			if c.want == ErrIncomplete && errors.Is(err, ErrUnreadable) {
				t.Logf("called damaged and not incomplete: %v", err)
			} else if !errors.Is(err, c.want) {
				t.Errorf("verdict %v, want %v", err, c.want)
			}
			if r.Status() != c.status || r.Chinese() == "" || r.English() == "" {
				t.Errorf("status %d, words %q %q", r.Status(), r.Chinese(), r.English())
			}
		})
	}
}

func flipped(b []byte, at int) []byte {
	out := bytes.Clone(b)
	out[at] ^= 0x10
	return out
}

func TestDecodeRefusesBombsFromTheHeaderAlone(t *testing.T) {
	bomb := hostile.Resized(jpegFile(t, hostile.Picture(64, 64)), 60000, 60000)
	start := time.Now()
	// A reader that fails after the header shows that nothing more was read.
	_, err := Decode(io.MultiReader(bytes.NewReader(bomb[:400]), iotest.ErrReader(errors.New("read on"))), DefaultLimits())
	if !errors.Is(err, ErrTooManyPix) {
		t.Fatalf("verdict %v", err)
	}
	if took := time.Since(start); took > 50*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

func TestDecodeStopsAtTheDeadline(t *testing.T) {
	l := DefaultLimits()
	l.Deadline = -time.Second
	_, err := Decode(bytes.NewReader(jpegFile(t, hostile.Picture(480, 320))), l)
	if !errors.Is(err, ErrTooSlow) {
		t.Errorf("verdict %v", err)
	}
}

func TestDecodeKeepsNoMoreThanAsked(t *testing.T) {
	l := DefaultLimits()
	l.KeepSide = 100
	m, err := Decode(bytes.NewReader(jpegFile(t, hostile.Picture(480, 320))), l)
	if err != nil {
		t.Fatal(err)
	}
	if m.W != 100 || m.H != 67 || m.SourceW != 480 || m.SourceH != 320 {
		t.Errorf("kept %d x %d of %d x %d", m.W, m.H, m.SourceW, m.SourceH)
	}
	near(t, m, 6, red, green, blue, white)
}

func TestFiftyUploadsAtOnceUseBoundedMemory(t *testing.T) {
	file := jpegFile(t, hostile.Picture(1000, 750)) // 4 MB of pixels while it decodes: 200 MB without bounds
	in := NewIntake(DefaultLimits(), 4, 2)
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var peak uint64
	for range 50 {
		wait.Go(func() {
			if _, err := in.Decode(context.Background(), bytes.NewReader(file)); err != nil {
				t.Error(err)
			}
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			mu.Lock()
			peak = max(peak, now.HeapInuse)
			mu.Unlock()
		})
	}
	wait.Wait()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("heap grew by %d KiB", grown>>10)
	}
	if limit := before.HeapInuse + 64<<20; peak > limit {
		t.Errorf("peak %d MiB, want below %d", peak>>20, limit>>20)
	}
}

func TestIntakeSaysBusyWhenTheWaitIsOver(t *testing.T) {
	in := NewIntake(DefaultLimits(), 1, 1)
	hold, done := make(chan struct{}), make(chan struct{})
	slow := readerFunc(func([]byte) (int, error) { <-hold; return 0, io.EOF })
	go func() { defer close(done); _, _ = in.Decode(context.Background(), slow) }()
	for len(in.reading) == 0 {
		runtime.Gosched()
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := in.Decode(ctx, strings.NewReader("x"))
	var r *Refusal
	if !errors.As(err, &r) || r.Status() != http.StatusServiceUnavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(hold)
	<-done
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func deflate(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := zlibWriter(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
