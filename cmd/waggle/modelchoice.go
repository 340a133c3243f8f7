package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"waggle/config"
	"waggle/models/pull"
)

// modelsRoot is where fetched models lie.
func modelsRoot(c config.Config) string { return filepath.Join(c.DataDir, "models") }

// modelPath finds what a key of the configuration names: a path, or a model
// that `waggle models pull` fetched, whose files are verified here. Errors say
// what to do; config.ErrInvalid when there is no such thing.
func modelPath(c config.Config, kind, name string) (string, error) {
	folder, err := pull.Folder(modelsRoot(c), name)
	if err == nil {
		return folder, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("models.%s: %w", kind, err)
	}
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	e, err := pull.Find(name)
	switch {
	case err != nil:
		return "", fmt.Errorf("%w: models.%s: %q is neither builtin, nor a path, nor a model of `waggle models list`",
			config.ErrInvalid, kind, name)
	case e.Kind != kind:
		return "", fmt.Errorf("%w: models.%s: %s is for models.%s", config.ErrInvalid, kind, name, e.Kind)
	}
	return "", fmt.Errorf("%w: models.%s: %s is not here yet; `waggle models pull %s` fetches it%s",
		config.ErrInvalid, kind, name, name, sizeOf(e))
}

func sizeOf(e pull.Entry) string {
	if n := e.Bytes(); n > 0 {
		return fmt.Sprintf(" (%.0f MB)", megabytes(n))
	}
	return ""
}

// checkModels says whether every model that the configuration names is here.
func checkModels(c config.Config) error {
	var errs []error
	for _, m := range []struct{ kind, name string }{
		{"vad", c.Models.VAD}, {"asr", c.Models.ASR}, {"tts", c.Models.TTS}, {"vision", c.Models.Vision}, {"punct", c.Models.Punct},
	} {
		if m.name == config.Builtin || m.name == "" {
			continue
		}
		_, err := modelPath(c, m.kind, m.name)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
