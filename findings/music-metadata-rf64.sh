#!/usr/bin/env bash
# music-metadata 11.16.1 knows nothing about an RF64 file: no container, no duration, no error, no warning.
#
# Packages   npm: music-metadata 11.16.1. Debian 12: flac 1.4.2+ds-2, sox 14.4.2+git20190427-3.5.
# Expected   RF64 (EBU Tech 3306, ITU-R BS.2088) is a WAV with 64-bit sizes, also for short files: recorders choose it
#            in advance, as a recording may pass 4 GiB. The README lists WAV and BWF, with no exception for RF64. It has
#            UnsupportedFileTypeError and CouldNotDetermineFileTypeError for files that the library cannot read.
# Happens    parseFile() of a .wav in RF64 resolves. `format` has no container, no sample rate and no duration, and
#            `quality.warnings` is empty. The same sound in RIFF has all of them.
# Seen       RIFF: WAVE, 8000 Hz, 10 s. RF64: undefined, undefined, undefined, 0 warnings. soxi: 10 s for both.
#            2026-11-29.
# Custodia   Reads RF64 itself: the sound of PCM, A-law and mu-law, and for other codecs the duration, from the `fact`
#            chunk or the bytes.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" flac=1.4.2+ds-2 sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" music-metadata@11.16.1

sox -D -r 8000 -n -b 16 call.wav synth 10 sine 440 vol 0.5
flac --silent call.wav -o call.flac
flac --silent --decode --force-rf64-format call.flac -o rf64.wav
[ "$(head -c 4 rf64.wav)" = RF64 ] || changed "flac no longer writes RF64"

cat >format.mjs <<'END'
import { parseFile } from "music-metadata";
const { format, quality } = await parseFile(process.argv[2], { duration: true });
console.log(format.container, format.sampleRate, format.duration, format.container ? "" : quality.warnings.length);
END

for file in call.wav rf64.wav; do
  [ "$(soxi -D "$file")" = 10.000000 ] || changed "soxi no longer reports 10 s for $file"
done
riff=$(node format.mjs call.wav) rf64=$(node format.mjs rf64.wav 2>&1) || changed "music-metadata now refuses RF64"
echo "RIFF: $riff"
echo "RF64: $rf64 warnings"
[[ "$riff" == "WAVE 8000 10"* ]] || changed "music-metadata now reports for RIFF: $riff"
[ "$rf64" = "undefined undefined undefined 0" ] || changed "music-metadata now reports for RF64: $rf64"
echo "as described"
