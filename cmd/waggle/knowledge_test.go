package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func knowledgeRun(t *testing.T, data string, args ...string) (string, error) {
	t.Helper()
	return runCommand(t, map[string]string{"WAGGLE_DATA_DIR": data}, "", append([]string{"knowledge"}, args...)...)
}

func TestKnowledgeOfAFolder(t *testing.T) {
	data, folder := t.TempDir(), t.TempDir()
	for name, text := range map[string]string{"a.md": "## 积分\n\n一元一分。\n", "b.txt": "问：积分能换什么？\n答：可以换礼品。", "c.pdf": "broken", "d.png": "no document"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := knowledgeRun(t, data, "import", folder)
	if err == nil || !strings.Contains(err.Error(), "c.pdf") || strings.Contains(err.Error(), "d.png") {
		t.Errorf("%v", err)
	}
	if !strings.Contains(out, "a.md: 7 characters, 1 passages, 0 of them") || !strings.Contains(out, "b.txt") {
		t.Error(out)
	}
	id, err := knowledgeRun(t, data, "pin", "可以刻字吗", "可以。")
	if err != nil {
		t.Fatal(err)
	}
	out, err = knowledgeRun(t, data, "list")
	if err != nil || !strings.Contains(out, "a.md") || !strings.Contains(out, "可以刻字吗 -> 可以。") || strings.Contains(out, "c.pdf") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := knowledgeRun(t, data, "unpin", strings.TrimSpace(id)); err != nil {
		t.Error(err)
	}
	if _, err := knowledgeRun(t, data, "remove", "a.md"); err != nil {
		t.Error(err)
	}
	if _, err := knowledgeRun(t, data, "remove", "a.md"); err == nil {
		t.Error("removed twice")
	}
	var usage usageError
	if _, err := knowledgeRun(t, data, "pin", "", "x"); !errors.As(err, &usage) {
		t.Error(err)
	}
}
