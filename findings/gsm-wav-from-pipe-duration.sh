#!/usr/bin/env bash
# A GSM 6.10 WAV that sox writes into a pipe: soxi and music-metadata report days for a call of ten seconds.
#
# Packages   npm: music-metadata 11.16.1. Debian 12: sox 14.4.2+git20190427-3.5.
# Expected   A writer that cannot seek leaves a data size of about 2 GiB in the header, and sox warns of it. A reader
#            has the size of the file and can stop there, as sox itself does. The README of music-metadata says that
#            `duration: true` reads the whole file if the duration needs it.
# Happens    Each tool multiplies the size in the header, in its own way, and exits 0. For PCM music-metadata corrects
#            the size; for GSM it takes the `fact` chunk, which has the same error, and adds a warning to `quality`.
# Seen       sox decodes 10 s; soxi reports 1321525.840000 s (15 days); music-metadata reports 247784.016 s (68 hours).
#            2026-11-29, sox 14.4.2 of Debian 12.
# Custodia   Takes the duration of such a file from its bytes: `lib/media/waveform/wav-chunks.ts`. Other tools that read
#            a download of it do not.
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

sox -D -r 8000 -n -b 16 -c 1 -t raw call.raw synth 10 sine 440 vol 0.5
# sox cannot know how much a pipe brings, nor seek in a pipe.
cat call.raw | sox -t raw -r 8000 -e signed -b 16 -c 1 - -e gsm-full-rate -t wav - 2>warning.txt | cat >piped.wav
sox -V1 piped.wav -b 16 -e signed decoded.wav
sox -V1 piped.wav copied.wav

cat >duration.mjs <<'END'
import { parseFile } from "music-metadata";
const { format } = await parseFile(process.argv[2], { duration: true });
console.log(format.duration);
END

grep -q "Length in output .wav header will be wrong" warning.txt || changed "sox no longer warns"
decoded=$(soxi -D decoded.wav) piped=$(soxi -D piped.wav) library=$(node duration.mjs piped.wav)
echo "decoded: $decoded s; soxi: $piped s; music-metadata: $library s"
[ "$decoded" = 10.000000 ] || changed "sox decodes $decoded s instead of 10 s"
awk "BEGIN { exit !($piped > 86400) }" || changed "soxi now reports $piped s"
awk "BEGIN { exit !($library > 86400) }" || changed "music-metadata now reports $library s"

echo "copied with sox: soxi $(soxi -D copied.wav) s, music-metadata $(node duration.mjs copied.wav) s"
[ "$(node duration.mjs copied.wav)" = 10 ] || changed "a copy by sox no longer has the right duration"
echo "as described"
