package tts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waggle/audio"
)

// Measurement is how fast a synthesizer is.
type Measurement struct {
	// Sentences were spoken one after the other, AudioS seconds of sound in
	// WallS seconds.
	Sentences int     `json:"sentences"`
	AudioS    float64 `json:"audio_s"`
	WallS     float64 `json:"wall_s"`
	// RTF is WallS / AudioS: below 1 is faster than real time.
	RTF float64 `json:"rtf"`
	// FirstAudio is from the call of Speak to its first frame.
	FirstAudioP50 float64 `json:"first_audio_ms_p50"`
	FirstAudioP95 float64 `json:"first_audio_ms_p95"`
	Rate          int     `json:"rate"`
}

// Measure speaks the texts, each rounds times, and takes the time. Give it a
// synthesizer without a cache.
func Measure(ctx context.Context, s Synthesizer, texts []Text, rounds int, v Voice) (Measurement, error) {
	m := Measurement{Rate: v.Rate}
	var first []time.Duration
	var sound, wall time.Duration
	for range rounds {
		for _, text := range texts {
			start := time.Now()
			heard := false
			err := s.Speak(ctx, text, v, func(f audio.Frame) error {
				if !heard {
					first, heard = append(first, time.Since(start)), true
				}
				sound += f.Duration()
				return nil
			})
			if err != nil {
				return m, fmt.Errorf("tts: measure %q: %w", text, err)
			}
			wall += time.Since(start)
			m.Sentences++
		}
	}
	if m.Sentences == 0 || sound == 0 {
		return m, fmt.Errorf("tts: measure: %w", ErrNothingToSay)
	}
	slices.Sort(first)
	m.AudioS, m.WallS = sound.Seconds(), wall.Seconds()
	m.RTF = m.WallS / m.AudioS
	m.FirstAudioP50, m.FirstAudioP95 = milliseconds(first, 0.50), milliseconds(first, 0.95)
	return m, nil
}

// milliseconds is the quantile q of sorted durations, by the nearest rank.
func milliseconds(sorted []time.Duration, q float64) float64 {
	rank := int(q*float64(len(sorted)) + 0.5)
	rank = min(max(rank, 1), len(sorted))
	return float64(sorted[rank-1]) / float64(time.Millisecond)
}

// ShopSentences are what the robot of a shop says on the phone: the texts of
// the benchmark and of the round trip from mouth to ear.
func ShopSentences() []Text {
	return []Text{
		"您好，这里是瓦狗智能客服，请问有什么可以帮您？",
		"您的快递已经到达驿站，请凭取件码3-5-2041领取。",
		"请提供您的订单号，或者下单时用的手机号。",
		"您的订单已于11月20日14:30发出，预计2-3天送达。",
		"这件商品的价格是128.50元，现在有8.5折优惠。",
		"很抱歉给您带来不便，我马上为您办理退款。",
		"退款会在3到5个工作日内原路返回。",
		"请问是花瓶碎了，还是杯子碎了？",
		"麻烦您拍一张照片发给我们，好吗？",
		"我没有听清楚，请您再说一遍。",
		"好的，已经为您登记换货申请。",
		"这双鞋有42码和43码，您要哪一个？",
		"请稍等，我帮您查一下物流信息。",
		"您的手机尾号是5678，对吗？",
		"如果需要人工客服，请说转人工。",
		"包裹目前在杭州，明天下午可以送到。",
		"感谢您的来电，祝您生活愉快，再见！",
		"这款外套有红色、蓝色和黑色三种颜色。",
		"您可以在七天之内无理由退货。",
		"对不起，这个订单已经签收，不能修改地址。",
	}
}
