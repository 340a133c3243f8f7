package api

import (
	"fmt"
	"net/http"
	"os"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"waggle/asr"
	"waggle/audio"
	"waggle/audio/clip"
	"waggle/tts"
	"waggle/tts/ssml"
)

const (
	maxRecording = 64 << 20 // an hour of speech as MP3, ten minutes as WAV at 48 kHz
	maxSpeech    = 2000     // characters

	longestRecording = time.Hour
	speechRate       = 16000 // Hz
)

// transcribe has the shape of OpenAI's POST /v1/audio/transcriptions: a
// multipart form with `file`; response_format json, text or verbose_json.
func (s *Server) transcribe(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxRecording)
	file, _, err := c.Request.FormFile("file")
	if err != nil {
		problem(c, http.StatusBadRequest, "No recording", "Send multipart/form-data with a part named file (WAV, FLAC, MP3 or Ogg).")
		return
	}
	defer file.Close()
	defer func() { _ = c.Request.MultipartForm.RemoveAll() }()
	recording, err := clip.Read(file, longestRecording)
	if err != nil {
		s.fail(c, err)
		return
	}
	text, err := s.Ear.Transcribe(c.Request.Context(), recording, asr.Hints{})
	if err != nil {
		s.fail(c, err)
		return
	}
	switch format := c.PostForm("response_format"); format {
	case "", "json":
		c.JSON(http.StatusOK, gin.H{"text": text.Text})
	case "text":
		c.String(http.StatusOK, text.Text)
	case "verbose_json":
		words := make([]gin.H, len(text.Words))
		for i, w := range text.Words {
			words[i] = gin.H{"word": w.Text, "start": w.Start.Seconds(), "end": w.End.Seconds()}
		}
		c.JSON(http.StatusOK, gin.H{"task": "transcribe", "language": "chinese", "duration": recording.Duration().Seconds(),
			"text": text.Text, "words": words, "confidence": text.Confidence, "confidence_calibrated": !text.Uncalibrated})
	default:
		problem(c, http.StatusUnprocessableEntity, "No such format", fmt.Sprintf("response_format is json, text or verbose_json, not %q.", format))
	}
}

// speak has the shape of OpenAI's POST /v1/audio/speech. response_format is
// wav or pcm (16-bit little-endian, 16 kHz); pcm streams as it is made. An
// input that begins with <speak is SSML; this is the only door for it besides
// the command line, and it is open to programs of the shop with a key, never
// to shoppers. Any other input is plain text, whatever signs it holds.
func (s *Server) speak(c *gin.Context) {
	var body struct {
		Model  string   `json:"model"` // accepted for the sake of clients
		Input  string   `json:"input"`
		Voice  string   `json:"voice"`
		Format string   `json:"response_format"`
		Speed  *float32 `json:"speed"`
	}
	if !s.decode(c, &body) {
		return
	}
	if n := utf8.RuneCountInString(body.Input); n > maxSpeech && !ssml.Is(body.Input) {
		problem(c, http.StatusRequestEntityTooLarge, "Too long", fmt.Sprintf("input may have %d characters, it has %d.", maxSpeech, n))
		return
	}
	mouth := s.Mouth
	if ssml.Is(body.Input) {
		mouth = tts.SSML(mouth)
	}
	voice := tts.Voice{Name: body.Voice, Rate: speechRate, Speed: 1}
	if body.Speed != nil {
		voice.Speed = *body.Speed
	}
	if voice.Speed < 0.5 || voice.Speed > 2 {
		problem(c, http.StatusUnprocessableEntity, "No such speed", "speed lies between 0.5 and 2.")
		return
	}
	switch body.Format {
	case "pcm":
		s.speakPCM(c, mouth, tts.Text(body.Input), voice)
	case "", "wav":
		s.speakWAV(c, mouth, tts.Text(body.Input), voice)
	default:
		problem(c, http.StatusUnprocessableEntity, "No such format", fmt.Sprintf("response_format is wav or pcm, not %q.", body.Format))
	}
}

func (s *Server) speakPCM(c *gin.Context, mouth tts.Synthesizer, text tts.Text, voice tts.Voice) {
	out := http.NewResponseController(c.Writer)
	err := mouth.Speak(c.Request.Context(), text, voice, func(f audio.Frame) error {
		if !c.Writer.Written() {
			c.Header("Content-Type", fmt.Sprintf("audio/pcm;rate=%d;channels=1", voice.Rate))
		}
		_ = out.SetWriteDeadline(time.Now().Add(slowest))
		if _, err := c.Writer.Write(littleEndian(f.PCM)); err != nil {
			return err
		}
		return out.Flush()
	})
	if err != nil {
		s.fail(c, err)
	}
}

func littleEndian(pcm []int16) []byte {
	b := make([]byte, 2*len(pcm))
	for i, v := range pcm {
		b[2*i], b[2*i+1] = byte(v), byte(uint16(v)>>8)
	}
	return b
}

// speakWAV goes through a file because a WAV header tells the length, which is
// known last; the file carries the mark that the speech was generated.
func (s *Server) speakWAV(c *gin.Context, mouth tts.Synthesizer, text tts.Text, voice tts.Voice) {
	f, err := os.CreateTemp("", "waggle-speech-*.wav")
	if err != nil {
		s.fail(c, err)
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if _, err := tts.WriteWAV(c.Request.Context(), mouth, f, text, voice); err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Content-Type", "audio/wav")
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, f)
}
