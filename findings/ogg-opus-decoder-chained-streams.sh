#!/usr/bin/env bash
# ogg-opus-decoder 1.7.5 decodes a chained Ogg Opus file to a wrong length, without an error.
#
# Packages   npm: ogg-opus-decoder 1.7.5. Debian 12: opus-tools 0.2-1+b1, sox 14.4.2+git20190427-3.5.
# Expected   RFC 3533 (section 4) allows sequential multiplexing ("chaining"): a file may hold one logical stream after
#            another, so `cat a.opus b.opus` is a valid file, as from a recorder that restarts within a call. A decoder
#            returns the sound of both, as opusdec does.
# Happens    decodeFile() returns the first stream twice, then the second. decode() in pieces of 1 KB with flush()
#            returns the first stream only. `errors` is empty both times.
# Seen       Calls of 2 s and 3 s, chained: opusdec 5 s, decodeFile() 7 s, decode() 2 s, 0 errors. 2026-11-29.
# Custodia   Begins a new decoder at the first page of each stream and adds up the durations:
#            `lib/media/waveform/ogg-decoder.ts`.
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

sox -D -r 8000 -n -b 16 a.wav synth 2 sine 440 vol 0.5
sox -D -r 8000 -n -b 16 b.wav synth 3 sine 880 vol 0.5
opusenc --quiet --serial 1 --bitrate 16 a.wav a.opus
opusenc --quiet --serial 2 --bitrate 16 b.wav b.opus
cat a.opus b.opus >chained.opus
opusdec --quiet chained.opus chained.wav

cat >decode.mjs <<'END'
import { readFileSync } from "node:fs";
import { OggOpusDecoder } from "ogg-opus-decoder";
const bytes = new Uint8Array(readFileSync("chained.opus"));
const decoder = new OggOpusDecoder();
await decoder.ready;
const results = [];
if (process.argv[2] === "whole") results.push(await decoder.decodeFile(bytes));
else {
  for (let at = 0; at < bytes.length; at += 1024) results.push(await decoder.decode(bytes.subarray(at, at + 1024)));
  results.push(await decoder.flush());
}
const samples = results.reduce((sum, { channelData }) => sum + (channelData[0]?.length ?? 0), 0);
const errors = results.reduce((sum, { errors }) => sum + errors.length, 0);
console.log(`${samples / 48000} s, ${errors} errors`);
END

reference=$(soxi -D chained.wav) whole=$(node decode.mjs whole) pieces=$(node decode.mjs pieces)
echo "opusdec: $reference s; decodeFile(): $whole; decode() in pieces: $pieces"
[ "$reference" = 5.000000 ] || changed "opusdec no longer decodes both streams to 5 s"
[ "$whole" = "7 s, 0 errors" ] || changed "decodeFile() now returns $whole"
[ "$pieces" = "2 s, 0 errors" ] || changed "decode() in pieces now returns $pieces"
echo "as described"
