// Command draw renders the pictures of the demo shop's products from
// drawings.txt, and from shapes.txt in the colours of goods.txt: flat illustrations of 512 by 512 pixels, as small PNG files.
//
//	go run ./shop/demo/draw -out shop/demo/images
//
// It may import nothing else of Waggle.
package main

import (
	_ "embed"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
)

//go:embed drawings.txt
var drawings string

//go:embed shapes.txt
var shapes string

//go:embed goods.txt
var goods string

func main() {
	out := flag.String("out", "shop/demo/images", "folder for the pictures")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	all, err := parse(drawings)
	if err != nil {
		return err
	}
	more, err := parseGoods(goods, shapes)
	if err != nil {
		return err
	}
	for _, d := range append(all, more...) {
		img, err := d.render()
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		f, err := os.Create(filepath.Join(dir, d.name+".png"))
		if err != nil {
			return err
		}
		encoder := png.Encoder{CompressionLevel: png.BestCompression}
		if err := encoder.Encode(f, reduced(img)); err != nil {
			f.Close()
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
