package onnx

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// ErrNoRuntime says that the ONNX Runtime library was not found or is too old.
var ErrNoRuntime = errors.New("ONNX Runtime not found: run `make setup` or set WAGGLE_ONNXRUNTIME to libonnxruntime.so.1")

// LibraryEnv names the environment variable that points at the library.
const LibraryEnv = "WAGGLE_ONNXRUNTIME"

const library = "libonnxruntime.so.1"

// started is process-wide because the runtime itself is: one library, one
// environment, loaded at the first Open and kept until the process ends.
var started = sync.OnceValue(func() error {
	path, err := find()
	if err != nil {
		return err
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("%w (%s could not be loaded: %w)", ErrNoRuntime, path, err)
	}
	return nil
})

func start() error { return started() }

// Version is that of the loaded library, such as "1.24.1".
func Version() (string, error) {
	if err := start(); err != nil {
		return "", err
	}
	return ort.GetVersion(), nil
}

// find looks where set-up and packages put the library.
func find() (string, error) {
	if p := os.Getenv(LibraryEnv); p != "" {
		if _, err := os.Stat(p); err != nil {
			return "", fmt.Errorf("%w (%s=%s: no such file)", ErrNoRuntime, LibraryEnv, p)
		}
		return p, nil
	}
	for _, dir := range searchDirs() {
		p := filepath.Join(dir, library)
		if _, err := os.Stat(p); err == nil {
			return p, nil
		}
	}
	return "", ErrNoRuntime
}

// searchDirs lists lib folders: beside the binary, in the working directory
// and above it up to the module's root (tests run inside package folders),
// then the system's.
func searchDirs() []string {
	var dirs []string
	if exe, err := os.Executable(); err == nil {
		bin := filepath.Dir(exe)
		dirs = append(dirs, bin, filepath.Join(bin, "..", "lib"), filepath.Join(bin, "..", "lib", "waggle"))
	}
	if wd, err := os.Getwd(); err == nil {
		dirs = append(dirs, upwards(wd)...)
	}
	return append(dirs, "/usr/local/lib", "/usr/lib/waggle", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
}

// upwards returns lib under dir and its parents, stopping at the folder that
// holds go.mod so that a stranger's /lib is not picked up by accident.
func upwards(dir string) []string {
	dirs := []string{filepath.Join(dir, "lib")}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dirs
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return dirs[:1]
		}
		dir = parent
		dirs = append(dirs, filepath.Join(dir, "lib"))
	}
}
