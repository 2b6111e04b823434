#!/usr/bin/env bash
# ffmpeg 5.1.9 writes AAC and Speex into a WAV, and reads hardly anything of them back, with exit code 0.
#
# Packages   Debian 12: ffmpeg 7:5.1.9-0+deb12u1.
# Expected   A muxer writes what the demuxer of the same program reads; or ffmpeg refuses the codec for this container,
#            as its WAV muxer does for others ("codec not currently supported in container").
# Happens    Nothing in the file separates the frames: the block align is 768 for AAC, and 2 for Speex. The demuxer cuts
#            the sound at 4096 bytes. One packet then has many frames of Speex, of which the decoder reads the first; and
#            the parser of AAC looks for ADTS headers, which are not there.
# Seen       10 s of sound: 0.06 s of Speex come back, and 1.66 s of AAC; exit code 0 both times. All AAC of up to 4 MiB
#            comes back with -fflags +nofillin+noparse -max_size 4194304. 2026-11-29.
# Custodia   Gives ffmpeg the sound behind the head of an MP4 that says where the frames are:
#            `lib/media/transcoder/unframed-wav.ts`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" ffmpeg=7:5.1.9-0+deb12u1 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"

run() { ffmpeg -nostdin -v error -y "$@" 2>messages.txt; }
milliseconds() { echo $((($(stat -c %s "$1")) / 16)); }

run -f lavfi -i sine=frequency=440:sample_rate=8000:duration=10 -c:a libspeex speex.wav
run -f lavfi -i sine=frequency=440:sample_rate=8000:duration=10 -c:a aac aac.wav
for codec in speex aac; do
  if run -i "$codec.wav" -ar 8000 -f s16le "$codec.raw"; then code=0; else code=$?; fi
  heard=$(milliseconds "$codec.raw")
  echo "$codec: 10000 ms went in, $heard ms come back, exit code $code"
  [ "$code" = 0 ] || changed "ffmpeg exits with $code for $codec"
  [ "$heard" -lt 5000 ] || changed "ffmpeg reads $heard ms of $codec"
done
run -fflags +nofillin+noparse -max_size 4194304 -i aac.wav -af asetpts=N/SR/TB -ar 8000 -f s16le whole.raw
whole=$(milliseconds whole.raw)
echo "aac as one packet: $whole ms"
[ "$whole" -ge 10000 ] || changed "one packet gives $whole ms"
echo "as described"
