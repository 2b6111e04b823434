#!/usr/bin/env bash
# music-metadata 11.16.1 reports two channels for mono AAC and AMR in MP4 and 3GP.
#
# Packages   npm: music-metadata 11.16.1. Debian 12: ffmpeg 7:5.1.9-0+deb12u1.
# Expected   The field `channelcount` of a sample entry is a template: 3GPP TS 26.244 (section 6.5, AMRSampleEntry) and
#            QuickTime's successors write 2 there, whatever the sound has. AMR is mono (TS 26.101); of AAC the
#            AudioSpecificConfig tells (ISO/IEC 14496-3, section 1.6). The README of music-metadata calls
#            `numberOfChannels` the number of audio channels.
# Happens    `numberOfChannels` is the template's 2. ffprobe reports 1 for the same files.
# Seen       AAC in .m4a: music-metadata 2, ffprobe 1. Its copy in .3gp: 2 and 1. 2026-11-29.
# Custodia   Reads the AudioSpecificConfig itself, and takes AMR as mono: `lib/media/containers/mp4-sample-entry.ts`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" ffmpeg=7:5.1.9-0+deb12u1 sox=14.4.2+git20190427-3.5 \
  libsox-fmt-base=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" music-metadata@11.16.1

ffmpeg -v error -nostdin -f lavfi -i sine=frequency=440:sample_rate=16000:duration=2 -ac 1 -c:a aac call-aac.m4a
sox -D -r 8000 -n -c 1 -t amr-nb call.amr synth 2 sine 440
ffmpeg -v error -nostdin -i call.amr -c copy call-amr.3gp

cat >channels.mjs <<'END_OF_SCRIPT'
import { readFileSync } from "node:fs";
import { parseBuffer } from "music-metadata";
const { format } = await parseBuffer(readFileSync(process.argv[2]), { mimeType: "audio/mp4" });
console.log(format.numberOfChannels);
END_OF_SCRIPT

for file in call-aac.m4a call-amr.3gp; do
  library=$(node channels.mjs "$file")
  probe=$(ffprobe -v error -show_entries stream=channels -of csv=p=0 "$file")
  echo "$file: music-metadata $library, ffprobe $probe"
  [ "$probe" = 1 ] || changed "ffprobe reports $probe channels of $file"
  [ "$library" = 2 ] || changed "music-metadata reports $library channels of $file"
done
echo "as described"
