// Package hostile makes the files that strangers send as photos and that no
// photo should be: bombs, polyglots, lies about type and size, broken and
// strange ones. It is for tests only. Nothing in here is an exploit that was
// found somewhere: each file is built from the format's own description.
package hostile

// A Case is one file and the HTTP status that an upload of it must get: 200
// for strange but good photos.
type Case struct {
	Name   string
	File   []byte
	Status int
}

// Corpus is every case, made anew.
func Corpus() []Case {
	var all []Case
	for _, part := range [][]Case{notPhotos(), bombs(), lies(), broken(), strange()} {
		all = append(all, part...)
	}
	return all
}

// notPhotos are other types, whatever they are called.
func notPhotos() []Case {
	photo := JPEG(64, 48)
	return []Case{
		{"nothing", nil, 415},
		{"text", []byte("please refund me now, thank you"), 415},
		{"svg with a script", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 415},
		{"html", []byte("<!doctype html><script>alert(1)</script>"), 415},
		{"gif", []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00aaaaaa"), 415},
		{"tiff", []byte("II*\x00\x08\x00\x00\x00aaaaaaaa"), 415},
		{"bmp", []byte("BM\x3a\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00"), 415},
		{"pdf", []byte("%PDF-1.7\n%aaaaaaaaaaa"), 415},
		{"heic", []byte("\x00\x00\x00\x18ftypheicaaaa"), 415},
		{"zip", []byte("PK\x03\x04image.jpg aaaaaaa"), 415},
		{"program", []byte("\x7fELF\x02\x01\x01\x00aaaaaaaaaa"), 415},
		{"pdf in front of a jpeg", join([]byte("%PDF-1.7\n"), photo), 415},
		{"gif in front of a jpeg", join([]byte("GIF89a"), photo), 415},
		{"lossless jpeg", processed(photo, 0xc3), 415},
		{"arithmetic jpeg", processed(photo, 0xc9), 415},
		{"twelve-bit jpeg", precision(photo, 12), 415},
		{"animated png", animatedPNG(), 415},
		{"animated webp by its flag", webp(vp8x(64, 64, 0x02), chunkOf("ANIM", make([]byte, 6))), 415},
		{"animated webp by its frames", webp(vp8x(64, 64, 0), chunkOf("ANMF", make([]byte, 32))), 415},
	}
}

// bombs are small and would become large, or are large.
func bombs() []Case {
	photo, pic := JPEG(64, 48), PNG(64, 48)
	return []Case{
		{"jpeg of 65000 x 65000", Resized(photo, 65000, 65000), 413},
		{"jpeg of one long line", Resized(photo, 9000, 1), 413},
		{"progressive jpeg of 20 megapixels", processed(Resized(photo, 5000, 4000), 0xc2), 413},
		{"png of 60000 x 60000", pngOf(60000, 60000, zeros(1<<10)), 413},
		{"png of 2^31 x 2^31", pngOf(1<<31-1, 1<<31-1, zeros(1<<10)), 413},
		{"png of 12 megapixels of zeros", pngOf(4000, 3000, zeros(3000*(1+3*4000))), 422},
		{"webp of 16383 x 16383", webp(vp8(16383, 16383)), 413},
		{"lossless webp of 16384 x 16384", webp(vp8l(16384, 16384)), 413},
		{"webp canvas of 2^24 x 2^24", webp(vp8x(1<<24, 1<<24, 0)), 413},
		{"png chunk of 2 GB", join(pic[:33], []byte{0x7f, 0xff, 0xff, 0xff}, []byte("IDAT")), 413},
		{"webp chunk of 4 GB", join([]byte("RIFF\x40\x00\x00\x00WEBPVP8 \xff\xff\xff\xff"), make([]byte, 40)), 413},
		{"riff of 4 GB", join([]byte("RIFF\xff\xff\xff\xfeWEBP"), vp8(64, 64)), 413},
		{"compressed text of 16 MB", WithChunk(pic, "zTXt", join([]byte("Comment\x00\x00"), zeros(16<<20))), 200},
		{"compressed profile of 16 MB", WithChunk(pic, "iCCP", join([]byte("p\x00\x00"), zeros(16<<20))), 200},
		{"two megabytes of text beside a png", WithChunk(pic, "tEXt", make([]byte, 2<<20)), 422},
		{"comments beside a jpeg", withComments(photo, 20), 422},
		{"profile in 20 parts of 64 kB", withProfileParts(photo, 20), 422},
		{"eleven megabytes", join(photo, make([]byte, 11<<20)), 413},
		{"a hundred scans", scans(100), 422},
	}
}

// lies say one thing and hold another.
func lies() []Case {
	photo, pic := JPEG(64, 48), PNG(64, 48)
	return []Case{
		{"jpeg that announces more lines than it has", Resized(photo, 64, 4000), 422},
		{"png that announces more lines than it has", pngOf(64, 2000, zeros(64*3*4)), 422},
		{"webp whose canvas is not the picture's", webp(vp8x(640, 640, 0), vp8(64, 64)), 422},
		{"png without height", pngOf(4, 0, zeros(64)), 422},
		{"jpeg without width", Resized(photo, 0, 48), 422},
		{"png with a colour type of its own", pngType(5), 422},
		{"jpeg with two frame headers", doubled(photo), 422},
		{"jpeg whose segment is shorter than its length", join(photo[:2], []byte{0xff, 0xe1, 0, 1}, photo[2:]), 422},
		{"exif that points into itself", WithSegment(photo, 0xe1, circular()), 200},
		{"exif that points outside", WithSegment(photo, 0xe1, []byte("Exif\x00\x00MM\x00*\xff\xff\xff\xff")), 200},
		{"exif with 65535 entries", WithSegment(photo, 0xe1, []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff")), 200},
		{"profile that points outside", WithSegment(photo, 0xe2, join([]byte("ICC_PROFILE\x00\x01\x01"), profileOutside())), 200},
		{"profile parts that are missing", WithSegment(photo, 0xe2, join([]byte("ICC_PROFILE\x00\x02\x09"), make([]byte, 64))), 200},
		{"jpeg with a web page behind it", join(photo, []byte("<script>alert(1)</script>")), 200},
		{"png with a zip behind it", join(pic, []byte("PK\x03\x04aaaaaaaaaaaa")), 200},
	}
}

// broken ones were cut off or damaged on their way.
func broken() []Case {
	photo, pic := JPEG(320, 240), PNG(320, 240)
	out := []Case{
		{"png with a flipped bit", flipped(pic, len(pic)/2), 422},
		{"jpeg without tables", withoutTables(photo), 422},
		{"jpeg of markers only", []byte("\xff\xd8\xff\xe0\x00\x02\xff\xd9aaaaaa"), 422},
		{"png without picture", join([]byte(signature), chunk("IHDR", ihdr(8, 8, 8, 2)), chunk("IEND", nil)), 422},
		{"webp without picture", webp(chunkOf("EXIF", []byte("Exif\x00\x00"))), 422},
		{"webp with two pictures", webp(vp8(64, 64), vp8(64, 64)), 422},
		{"webp with a wrong start code", webp(chunkOf("VP8 ", make([]byte, 32))), 422},
	}
	for _, share := range []int{1, 10, 50, 90, 99} {
		out = append(out,
			Case{"jpeg cut at " + percent(share), photo[:max(3, len(photo)*share/100)], 422},
			Case{"png cut at " + percent(share), pic[:max(8, len(pic)*share/100)], 422},
			Case{"webp cut at " + percent(share), cutWebP(share), 422},
		)
	}
	return out
}

// strange photos are good ones.
func strange() []Case {
	photo := JPEG(64, 48)
	return []Case{
		{"a photo", photo, 200},
		{"a png", PNG(64, 48), 200},
		{"sixteen bits", deep(64, 48), 200},
		{"sixteen-bit grey", grey16(64, 48), 200},
		{"palette", paletted(64, 48), 200},
		{"transparent", transparent(64, 48), 200},
		{"cmyk", CMYK(64, 48), 200},
		{"on its side, with its place", WithSegment(photo, 0xe1, Exif(6)), 200},
		{"padded with fill bytes", join(photo[:2], []byte{0xff, 0xff, 0xff}, photo[2:]), 200},
	}
}
