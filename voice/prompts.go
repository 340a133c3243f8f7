package voice

import (
	"context"
	"fmt"

	"waggle/audio"
	"waggle/tts"
)

// What the robot says when it cannot ask the dialog: while that is slow, or
// when a part of the gateway has failed.
const (
	fillerText   = "请稍等，我查一下。"
	apologyText  = "不好意思，系统出了点问题，请您稍后再打，再见。"
	shutdownText = "不好意思，系统正要维护，请您过一会儿再打，再见。"
	limitText    = "不好意思，这次通话时间有点长了，请您再打一次，再见。"
)

// Prompts are spoken in advance, so that they can be heard even when the
// voice has failed. They have the rate of the Voice that made them.
type Prompts struct {
	Filler   []int16
	Apology  []int16
	Shutdown []int16
	Limit    []int16
}

// RenderPrompts speaks the prompts once for all calls of a voice and rate.
func RenderPrompts(ctx context.Context, s tts.Synthesizer, v tts.Voice) (Prompts, error) {
	var p Prompts
	for _, x := range []struct {
		text string
		into *[]int16
	}{
		{fillerText, &p.Filler}, {apologyText, &p.Apology}, {shutdownText, &p.Shutdown}, {limitText, &p.Limit},
	} {
		err := s.Speak(ctx, tts.Text(x.text), v, func(f audio.Frame) error {
			*x.into = append(*x.into, f.PCM...)
			return nil
		})
		if err != nil {
			return Prompts{}, fmt.Errorf("voice: speak the prompt %q in advance: %w", x.text, err)
		}
	}
	return p, nil
}
