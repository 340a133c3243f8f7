package forensic

import "waggle/vision"

// Examine collects the signs of one photo. alike are places of it that look
// alike.
func Examine(m vision.Image, alike []Shift) []vision.Sign {
	var out []vision.Sign
	if m.Editor != "" {
		out = append(out, vision.Sign{Name: vision.SignEditor, Score: 0.7, Note: "照片用" + m.Editor + "处理过。"})
	}
	luma := lumaOf(m)
	r := residual(m.W, m.H, luma)
	if s, ok := copied(m, r, alike); ok {
		out = append(out, s)
	}
	if s, ok := Patched(m); ok {
		out = append(out, s)
	}
	if s, ok := noisy(luma, r); ok {
		out = append(out, s)
	}
	return out
}
