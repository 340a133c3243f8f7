//go:build race

package asr

// raceDetector: the race detector allocates on its own account.
const raceDetector = true
