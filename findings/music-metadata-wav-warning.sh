#!/usr/bin/env bash
# music-metadata 11.16.1 warns of every WAV, whole or cut, that its data chunk exceeds the file.
#
# Packages   npm: music-metadata 11.16.1. Debian 12: sox 14.4.2+git20190427-3.5.
# Expected   The README describes `quality.warnings` as the problems that the parser met in the file. A whole WAV, with
#            sizes that agree with the file (RIFF, "Multimedia Programming Interface and Data Specifications 1.0"), has
#            none.
# Happens    Each WAV gets the warning "Data chunk size exceeds file size": the parser compares the size of a chunk with
#            what is left after the same chunk. A WAV that is cut in the middle gets this warning too, and a second one
#            ("data chunk length exceeding file length"), which is the one that tells.
# Seen       Whole file of 16044 bytes, sizes in the header 16036 and 16000: 1 warning. Cut file: the same, and the
#            second. 2026-11-29.
# Custodia   A count of warnings cannot tell a cut WAV from a whole one. Custodia reads only `format.duration`.
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

sox -D -r 8000 -n -b 16 -c 1 whole.wav synth 1 sine 440 vol 0.5
head -c 8044 whole.wav >cut.wav

cat >warnings.mjs <<'END'
import { readFileSync } from "node:fs";
import { parseFile } from "music-metadata";
const bytes = readFileSync(process.argv[2]);
const { format, quality } = await parseFile(process.argv[2], { duration: true });
const sizes = `file ${bytes.length}, RIFF ${bytes.readUInt32LE(4)}, data ${bytes.readUInt32LE(40)}`;
console.log(`${sizes}, ${format.duration} s`);
for (const { message } of quality.warnings) console.log(message);
END

warning="Data chunk size exceeds file size"
whole=$(node warnings.mjs whole.wav) cut=$(node warnings.mjs cut.wav)
printf 'whole: %s\ncut: %s\n' "$whole" "$cut"
[[ "$whole" == "file 16044, RIFF 16036, data 16000, 1 s"* ]] || changed "sox no longer writes the whole file as before"
grep -qx "$warning" <<<"$whole" || changed "the warning is gone for a whole WAV"
grep -qx "$warning" <<<"$cut" || changed "the warning is gone for a cut WAV"
echo "as described"
