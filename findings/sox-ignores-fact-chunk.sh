#!/usr/bin/env bash
# sox 14.4.2 writes the number of samples of a compressed WAV and ignores it when it reads the same file.
#
# Packages   npm: music-metadata 11.16.1. Debian 12: sox 14.4.2+git20190427-3.5.
# Expected   Microsoft's "New Multimedia Data Types and Data Techniques" (1994) requires a `fact` chunk for each
#            compressed format. It has the number of samples, as the last block is mostly not full. A reader ends there.
# Happens    sox and soxi end with the last whole block, so the call comes out longer than it went in. music-metadata
#            follows the `fact` chunk. The two tools disagree about one file.
# Seen       A call of 7777 samples at 8 kHz, samples that come back from sox: GSM 6.10 8000, IMA ADPCM 8080, MS ADPCM
#            8000; from the `fact` chunk (music-metadata): 7777 each. 2026-11-29.
# Custodia   For GSM and ADPCM the portal shows the duration of the `fact` chunk, if the bytes can hold it. A phone
#            system that measures with sox reports up to 63 ms more at 8 kHz; compare durations with that tolerance.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" music-metadata@11.16.1

sox -D -r 8000 -n -b 16 call.wav synth 7777s sine 440 vol 0.5
samples=7777

cat >samples.mjs <<'END'
import { parseFile } from "music-metadata";
const { format } = await parseFile(process.argv[2], { duration: true });
console.log(format.numberOfSamples);
END

for encoding in gsm-full-rate ima-adpcm ms-adpcm; do
  sox call.wav -e "$encoding" coded.wav
  sox coded.wav -b 16 -e signed decoded.wav
  header=$(soxi -s coded.wav) decoded=$(soxi -s decoded.wav) fact=$(node samples.mjs coded.wav)
  echo "$encoding: went in $samples, fact chunk $fact, soxi $header, decoded $decoded"
  [ "$fact" -eq "$samples" ] || changed "the fact chunk of $encoding has $fact samples"
  [ "$header" -gt "$samples" ] || changed "soxi now ends with the fact chunk of $encoding"
  [ "$decoded" -eq "$header" ] || changed "sox now decodes $decoded samples of $encoding"
done
echo "as described"
