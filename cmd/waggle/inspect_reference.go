package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/inspect"
)

// rememberFolder makes a memory of the product whose intact photos lie in dir;
// nil without a dir.
func rememberFolder(ctx context.Context, eyes *inspect.Inspector, dir string) (*damage.Memory, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var photos []vision.Image
	for _, e := range entries {
		if !slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(filepath.Ext(e.Name()))) {
			continue
		}
		m, err := eyes.DecodeFile(ctx, filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		photos = append(photos, m)
	}
	m, err := eyes.Remember(ctx, photos)
	if err != nil {
		return nil, fmt.Errorf("--reference %s: %w", dir, err)
	}
	return m, nil
}
