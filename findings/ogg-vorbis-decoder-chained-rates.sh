#!/usr/bin/env bash
# @wasm-audio-decoders/ogg-vorbis 0.1.20 decodes the second stream of a chained file with the set-up of the first.
#
# Packages   npm: @wasm-audio-decoders/ogg-vorbis 0.1.20. Debian 12: vorbis-tools 1.4.2-1+b1, sox
#            14.4.2+git20190427-3.5.
# Expected   RFC 3533 (section 4) allows chaining. The Vorbis I specification (section 4 and appendix A) gives each
#            stream its own three headers: rate, channels, codebooks. A decoder reads them for each stream, or says that
#            it cannot: oggdec says "Logical bitstreams with changing parameters are not supported".
# Happens    If the second stream has another sample rate, the library decodes its packets with the headers of the
#            first. The result is noise far above full scale, at the first rate and with a wrong length. `errors` is
#            empty.
# Seen       2 s of a tone at 8 kHz, then 2 s at 16 kHz, peak 0.5 each: 4.096 s at 8000 Hz, peak 6.0 (full scale is 1),
#            0 errors. ogginfo reads two streams of 2 s. 2026-11-29.
# Custodia   Begins a new decoder at the first page of each stream, which reads its own headers:
#            `lib/media/waveform/ogg-decoder.ts`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" vorbis-tools=1.4.2-1+b1 sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" @wasm-audio-decoders/ogg-vorbis@0.1.20

for rate in 8000 16000; do
  sox -D -r "$rate" -n -b 16 "$rate.wav" synth 2 sine 440 vol 0.5
  oggenc -Q -s "$rate" -o "$rate.ogg" "$rate.wav"
done
cat 8000.ogg 16000.ogg >chained.ogg

cat >decode.mjs <<'END'
import { readFileSync } from "node:fs";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
const decoder = new OggVorbisDecoder();
await decoder.ready;
const { channelData, sampleRate, errors } = await decoder.decodeFile(new Uint8Array(readFileSync(process.argv[2])));
const peak = channelData[0].reduce((high, sample) => Math.max(high, Math.abs(sample)), 0);
console.log(channelData[0].length / sampleRate, sampleRate, peak.toFixed(1), errors.length);
END

[ "$(ogginfo chained.ogg | grep -c 'Playback length: 0m:02.000s')" -eq 2 ] || changed "ogginfo no longer sees 2 s twice"
for rate in 8000 16000; do
  alone=$(node decode.mjs "$rate.ogg")
  echo "$rate Hz alone: seconds, rate, peak, errors: $alone"
  [ "$alone" = "2 $rate 0.5 0" ] || changed "the stream of $rate Hz alone no longer decodes to 2 s, peak 0.5"
done
read -r seconds rate peak errors <<<"$(node decode.mjs chained.ogg)"
echo "both, chained: seconds, rate, peak, errors: $seconds $rate $peak $errors"
[ "$errors" -eq 0 ] || changed "the library now reports $errors errors"
awk "BEGIN { exit !($peak > 1.5) }" || changed "the library now decodes the second stream to a peak of $peak"
[ "$rate" -eq 8000 ] || changed "the library now returns another rate: $rate Hz"
echo "as described"
