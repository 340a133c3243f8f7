#!/bin/sh
# Makes the tone files of the tests: 0.5 s of 440 Hz at half of full scale. Needs sox and ffmpeg.
set -e
cd "$(dirname "$0")"
sox -n -b 16 -r 16000 -c 1 tone-16k.wav synth 0.5 sine 440 vol 0.5
sox -n -b 24 -r 32000 -c 2 tone-32k-stereo-24bit.wav synth 0.5 sine 440 sine 440 vol 0.5
sox tone-16k.wav -r 8000 -e u-law tone-8k-ulaw.wav
sox -n -b 16 -r 48000 -c 2 tone-48k-stereo.flac synth 0.5 sine 440 sine 440 vol 0.5
ffmpeg -v error -y -i tone-16k.wav -ar 22050 -b:a 48k tone-22k.mp3
ffmpeg -v error -y -i tone-32k-stereo-24bit.wav -ar 44100 -b:a 64k tone-44k-stereo.mp3
ffmpeg -v error -y -i tone-16k.wav -c:a libopus -b:a 24k tone-opus.ogg
ffmpeg -v error -y -i tone-16k.wav -ar 22050 -c:a libvorbis tone-vorbis.ogg
