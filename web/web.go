// Package web holds the pages that ship inside the binary: the demo shop's
// page, the photo page of phone callers and the console. It imports nothing.
package web

import (
	"embed"
	"io/fs"
)

//go:embed pages
var pages embed.FS

// Pages are the files by name, such as index.html.
func Pages() fs.FS {
	sub, err := fs.Sub(pages, "pages")
	if err != nil { // the path is a constant: this cannot happen
		return pages
	}
	return sub
}
