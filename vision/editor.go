package vision

import "bytes"

// editors are programs that change what a photo shows, by what they write of
// themselves into a file. Programs that only sort, crop or develop photos, and
// phones, which write their own version there, are not meant.
var editors = []struct{ written, name string }{
	{"photoshop", "Photoshop"}, {"gimp", "GIMP"}, {"snapseed", "Snapseed"}, {"meitu", "Meitu"}, {"美图", "Meitu"},
	{"xingtu", "Xingtu"}, {"醒图", "Xingtu"}, {"picsart", "PicsArt"}, {"pixlr", "Pixlr"}, {"paint.net", "Paint.NET"},
	{"affinity photo", "Affinity Photo"}, {"facetune", "Facetune"}, {"canva", "Canva"}, {"photopea", "Photopea"},
	{"pixelmator", "Pixelmator"}, {"inpaint", "Inpaint"}, {"touchretouch", "TouchRetouch"}, {"corel", "Corel"},
}

// editorOf looks for one of the editors in a piece of metadata. What is kept is
// our own name for it, never a stranger's text.
func editorOf(metadata []byte) string {
	const most = 64 << 10
	low := bytes.ToLower(metadata[:min(len(metadata), most)])
	for _, e := range editors {
		if bytes.Contains(low, []byte(e.written)) {
			return e.name
		}
	}
	return ""
}
