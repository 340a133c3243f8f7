package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// list is the CSV that the README's example imports.
const list = "number,zone,name,order,amount,consent,consent_at,consent_proof\n" +
	"13900000001,Asia/Shanghai,王芳,2026112001,59.00,reminder,2026-11-01,order form\n"

// TestTheExamplesOfTheREADMERun runs every console line of the README as it
// stands there, in a shell, beside a running gateway.
func TestTheExamplesOfTheREADMERun(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	g := serve(t, "voice: {record: false}\n")
	dir := t.TempDir()
	prepare(t, g, dir)
	n := 0
	for line := range strings.Lines(string(readme)) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if !ok {
			continue
		}
		n++
		// The defaults of the README meet the ports and folders of this test.
		command = strings.ReplaceAll(command, "http://127.0.0.1:8080", g.web)
		command = strings.ReplaceAll(command, "127.0.0.1:5060", "127.0.0.1:"+strconv.Itoa(g.sip))
		command = regexp.MustCompile(`^curl `).ReplaceAllString(command, "curl --fail --silent --show-error ")
		t.Run(command, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), "bash", "-c", command)
			c.Dir = dir
			c.Env = append(os.Environ(), "KEY="+g.key, "WAGGLE_DATA_DIR="+filepath.Join(g.dir, "data"))
			c.Stdin = strings.NewReader("我的快递到哪了\n")
			if out, err := c.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	if n < 9 {
		t.Errorf("only %d examples found", n)
	}
}

// prepare makes the folder in which a reader of the README stands.
func prepare(t *testing.T, g *gateway, dir string) {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bin"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"bin/waggle": waggle(t), "lib": filepath.Join(root, "lib")} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	photo, err := os.ReadFile(brokenVase(t))
	if err != nil {
		t.Fatal(err)
	}
	listing, err := os.ReadFile("../shop/demo/images/vase.png")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"photo.jpg": photo, "crack.jpg": photo, "front.jpg": listing, "product.jpg": listing, "list.csv": []byte(list)}
	files["handbook/shipping.md"] = []byte("## 发货\n\n周日不发货。\n")
	if err := os.Mkdir(filepath.Join(dir, "handbook"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	must(t, "speak", "--rate", "8000", "-o", filepath.Join(dir, "question.wav"), "我的快递到哪了")
}
