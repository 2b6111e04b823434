#!/usr/bin/env bash
# ogg-opus-decoder 1.7.5 does not apply the output gain of the Opus header.
#
# Packages   npm: ogg-opus-decoder 1.7.5. Debian 12: opus-tools 0.2-1+b1, sox 14.4.2+git20190427-3.5.
# Expected   RFC 7845, section 5.1, "Output Gain": a gain in dB (Q7.8) that a decoder is to apply; players and media
#            frameworks SHOULD apply it by default. opusdec applies it. The README of the package names no exception.
# Happens    The library returns the same samples for a gain of 0 dB and for a gain of -12 dB. It offers neither the
#            gain nor an option for it.
# Seen       RMS amplitude, 0 dB and -12 dB: opusdec 0.354481 and 0.089041; library 0.3545 and 0.3545. 2026-11-29.
# Custodia   Applies the gain of each stream to the waveform itself: `lib/media/waveform/ogg-decoder.ts`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" opus-tools=0.2-1+b1 sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" ogg-opus-decoder@1.7.5

sox -D -r 8000 -n -b 16 call.wav synth 2 sine 440 vol 0.5
opusenc --quiet --bitrate 16 call.wav plain.opus

# Writes -12 dB (-3072 in Q7.8) into OpusHead and a new checksum (RFC 3533, section 6) into its page.
cat >set-gain.mjs <<'END'
import { readFileSync, writeFileSync } from "node:fs";
const file = readFileSync("plain.opus");
const packet = 27 + file[26];
const pageEnd = packet + file[27];
file.writeInt16LE(-3072, packet + 16);
file.writeUInt32LE(0, 22);
let crc = 0;
for (const byte of file.subarray(0, pageEnd)) {
  crc ^= byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
}
file.writeUInt32LE(crc >>> 0, 22);
writeFileSync("quiet.opus", file);
END
cat >rms.mjs <<'END'
import { readFileSync } from "node:fs";
import { OggOpusDecoder } from "ogg-opus-decoder";
const decoder = new OggOpusDecoder();
await decoder.ready;
const [samples] = (await decoder.decodeFile(new Uint8Array(readFileSync(process.argv[2])))).channelData;
console.log(Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length).toFixed(4));
END
rms_of_opusdec() { opusdec --quiet "$1" out.wav && sox out.wav -n stat 2>&1 | awk '/RMS +amplitude/ { print $3 }'; }

node set-gain.mjs
opusinfo quiet.opus | grep -q 'Playback gain: -12 dB' || changed "opusinfo does not see a gain of -12 dB"
tool=$(rms_of_opusdec plain.opus) tool_quiet=$(rms_of_opusdec quiet.opus)
library=$(node rms.mjs plain.opus) library_quiet=$(node rms.mjs quiet.opus)
echo "RMS, 0 dB and -12 dB: opusdec $tool and $tool_quiet; ogg-opus-decoder $library and $library_quiet"
awk "BEGIN { exit !($tool > 3.9 * $tool_quiet) }" || changed "opusdec no longer applies the gain"
[ "$library" = "$library_quiet" ] || changed "ogg-opus-decoder now applies the gain"
echo "as described"
