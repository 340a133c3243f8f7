package models

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestBuiltinModelsMatchTheirManifest(t *testing.T) {
	list, err := Builtin().List()
	if err != nil {
		t.Fatal(err)
	}
	var total int64
	for _, m := range list {
		raw, _, err := Builtin().Open(m.Name)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		if int64(len(raw)) != m.Bytes {
			t.Errorf("%s has %d bytes, the manifest says %d", m.Name, len(raw), m.Bytes)
		}
		if card, err := Builtin().Card(m); err != nil || card == "" {
			t.Errorf("%s has no card: %v", m.Name, err)
		}
		if m.Licence == "" {
			t.Errorf("%s names no licence", m.Name)
		}
		total += m.Bytes
	}
	if limit := int64(60 << 20); total > limit {
		t.Errorf("the models take %d bytes together, more than 60 MB", total)
	}
}

func TestOpenRefusesDamagedMissingAndUnknown(t *testing.T) {
	good := []byte("weights")
	sum := sha256.Sum256(good)
	manifest := fmt.Sprintf(`{"models":[
		{"name":"good","file":"good.onnx","sha256":%q},
		{"name":"flipped","file":"flipped.onnx","sha256":%q},
		{"name":"gone","file":"gone.onnx","sha256":%q}]}`,
		hex.EncodeToString(sum[:]), hex.EncodeToString(sum[:]), hex.EncodeToString(sum[:]))
	s := In(fstest.MapFS{
		"manifest.json": {Data: []byte(manifest)},
		"good.onnx":     {Data: good},
		"flipped.onnx":  {Data: []byte("weightz")},
	})
	for name, want := range map[string]error{
		"good": nil, "flipped": ErrDamaged, "gone": fs.ErrNotExist, "nobody": ErrUnknown,
	} {
		if _, _, err := s.Open(name); !errors.Is(err, want) {
			t.Errorf("Open(%q) = %v, want %v", name, err, want)
		}
	}
}
