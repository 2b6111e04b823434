#!/usr/bin/env bash
# ffmpeg 5.1.9 decodes G.711 that is declared as GSM: almost five times its length of noise, and the exit code is 0.
#
# Packages   Debian 12: ffmpeg 7:5.1.9-0+deb12u1.
# Expected   Each frame of GSM 06.10 begins with the signature 0xD (RFC 3551, section 4.5.8.1), and libgsm refuses a
#            frame without it. ffmpeg's manual promises to "stop and exit on error" with -xerror.
# Happens    The decoder prints "Missing GSM magic!" for a frame, and gives 160 samples of it all the same. Neither
#            -xerror nor -err_detect explode makes that a failure. With -v error nothing but the length tells.
# Seen       3.3 s of A-law (26400 bytes, 800 frames), with and without these options: exit code 0, no message at
#            -v error, 16 s of sound. 2026-11-29, ffmpeg 5.1.9 of Debian 12.
# Custodia   Checks the signature of the first frames itself, and keeps a playable copy only if its duration agrees with
#            that of the packets: `lib/media/raw-audio.ts`, `lib/media/transcoder/transcode.ts`.
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

ffmpeg -v error -nostdin -f lavfi -i sine=frequency=440:sample_rate=8000:duration=3.3 -f alaw call.gsm
# 800 whole frames, hardly one of which has the signature of GSM.
frames=$(($(stat -c %s call.gsm) / 33))

for strict in "" "-xerror -err_detect explode"; do
  # shellcheck disable=SC2086
  if ffmpeg -v error -nostdin $strict -f gsm -i call.gsm -y decoded.wav 2>messages.txt; then code=0; else code=$?; fi
  samples=$((($(stat -c %s decoded.wav) - 78) / 2))
  echo "ffmpeg ${strict:-without options}: exit code $code, $samples samples of $frames frames, $(grep -c 'GSM magic' messages.txt || true) messages"
  [ "$code" = 0 ] || changed "ffmpeg exits with $code"
  [ "$samples" -gt $((frames * 160 - 160)) ] || changed "ffmpeg gives $samples samples"
done
echo "as described"
