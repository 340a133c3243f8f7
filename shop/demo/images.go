package demo

import (
	"embed"
	"io/fs"
)

//go:embed images/*.png
var pictures embed.FS

// Images holds the pictures that shop.Product.Image names, PNG of 512 by 512
// pixels. They are drawn by the program in the folder draw.
func Images() fs.FS {
	sub, err := fs.Sub(pictures, "images")
	if err != nil {
		panic("demo shop: the embedded folder is there: " + err.Error())
	}
	return sub
}
