"""Speaks ten shop sentences with an exported voice; prints the ids and what came out, so that a host can compare itself."""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import soundfile

import speak
import speakers

RATE = 0.78  # tempo of the samples

# Pinyin as spoken, sandhi applied: "|" weak break, "," pause.
SENTENCES = {
    "您好，这里是小蜂客服，请问有什么可以帮您？":
        "nin2 hao3 , zhe4 li5 shi4 | xiao3 feng1 | ke4 fu2 , qing3 wen4 | you3 shen2 me5 | ke2 yi3 | bang1 nin2",
    "您的包裹今天下午送到。": "nin2 de5 | bao1 guo3 | jin1 tian1 | xia4 wu3 | song4 dao4",
    "请告诉我您的订单号。": "qing3 gao4 su5 wo3 | nin2 de5 | ding4 dan1 hao4",
    "订单尾号是六零二八，对吗？": "ding4 dan1 | wei3 hao4 shi4 | liu4 ling2 | er4 ba1 , dui4 ma5",
    "退款一共三百五十八元。": "tui4 kuan3 | yi2 gong4 | san1 bai3 | wu3 shi2 ba1 | yuan2",
    "麻烦您拍一张照片发给我们。": "ma2 fan5 nin2 | pai1 yi4 zhang1 | zhao4 pian4 | fa1 gei2 wo3 men5",
    "花瓶碎了，真的很抱歉。": "hua1 ping2 | sui4 le5 , zhen1 de5 | hen3 bao4 qian4",
    "快递已经到了上海，明天上午派送。": "kuai4 di4 | yi3 jing1 | dao4 le5 | shang4 hai3 , ming2 tian1 | shang4 wu3 | pai4 song4",
    "好的，马上为您转人工。": "hao3 de5 , ma3 shang4 | wei4 nin2 | zhuan3 ren2 gong1",
    "感谢您的来电，再见！": "gan3 xie4 nin2 | de5 lai2 dian4 , zai4 jian4",
}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--rate", type=float, default=RATE)
    p.add_argument("--voice", default=speakers.VOICES[0].name, choices=[w.name for w in speakers.VOICES])
    p.add_argument("--models", type=Path, default=speak.BUILTIN)
    args = p.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    voice = speak.Voice(args.models)
    for i, (text, pinyin) in enumerate(SENTENCES.items()):
        label = speak.sentence(pinyin)
        started = time.time()
        mel, f0, voiced, durations = voice.frames(label, args.rate, voice.voices.index(args.voice))
        audio = voice.sound(mel, f0, voiced)
        wall = time.time() - started
        soundfile.write(args.out / f"{i:02}.wav", np.clip(audio, -1, 1), 16000)
        print(json.dumps({
            "text": text, "phones": label.phones, "tones": label.tones, "position": label.positions,
            "durations": durations[0].tolist(), "seconds": round(len(audio) / 16000, 2), "rtf": round(wall * 16000 / len(audio), 3),
            "rms": round(float(np.sqrt((audio**2).mean())), 4),
            "f0_median": round(float(np.median(f0[voiced > 0])), 1)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
