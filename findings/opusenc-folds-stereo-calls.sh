#!/usr/bin/env bash
# opusenc 0.2 mixes the two sides of a stereo call into one at low bit rates; the header still says two channels.
#
# Packages   Debian 12: opus-tools 0.2-1+b1 (libopus 1.3.1), espeak-ng 1.51+dfsg-10+deb12u2, sox 14.4.2+git20190427-3.5.
# Expected   The manual of opusenc has --downmix-mono to mix down, and names no other case in which two channels become
#            one. At 24 kbit/s and more the sides stay apart.
# Happens    libopus codes stereo as mono if the rate is low (RFC 6716, section 2.1.2, permits it). opusenc gives no
#            notice, and opusinfo reports 2 channels. Up to 17 kbit/s both sides are equal; from 18 to 23 kbit/s each
#            side still has a part of the other. (With two steady tones the border is between 16 and 17 kbit/s.)
# Seen       Side A speaks alone. RMS of side B in that time: 0.0464 at 16 kbit/s (the difference of the sides is
#            0.0000), 0.0462 at 17, 0.0168 at 18, 0.0059 at 20, 0.0002 at 24. 2026-11-29.
# Custodia   Who said what is lost for good before the file arrives. Encode stereo calls at 24 kbit/s or more, or each
#            side as a file of its own.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" opus-tools=0.2-1+b1 espeak-ng=1.51+dfsg-10+deb12u2 \
  sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"

[ ! -d "$LD_LIBRARY_PATH/espeak-ng-data" ] || export ESPEAK_DATA_PATH="$LD_LIBRARY_PATH"
say() { espeak-ng -v pt-br -p "$1" -w "$2" "$3"; }
say 50 a.wav "Bom dia, aqui fala a Ana, da loja. Em que posso ajudar o senhor hoje?"
say 20 b.wav "Bom dia, quero cancelar o meu pedido, por favor. O número dele é sete."
sox -D a.wav -r 8000 a8.wav pad 0 4
sox -D b.wav -r 8000 b8.wav pad 4.5 0
sox -M a8.wav b8.wav call.wav

# Prints the RMS amplitude of the first 2.5 s: side A speaks, side B is silent.
rms() { sox decoded.wav -n "$@" trim 0 2.5 stat 2>&1 | awk '/RMS +amplitude/ { print $3 }'; }
for rate in 16 17 18 20 24; do
  opusenc --quiet --bitrate "$rate" call.wav call.opus
  opusdec --quiet --rate 8000 call.opus decoded.wav
  side_b=$(rms remix 2) difference=$(rms oops)
  echo "$rate kbit/s: side B $side_b, difference of the sides $difference"
  opusinfo call.opus | grep -q 'Channels: 2' || changed "the header at $rate kbit/s no longer says 2 channels"
  case $rate in
    16) awk "BEGIN { exit !($difference < 0.001 && $side_b > 0.02) }" || changed "the sides differ at $rate kbit/s" ;;
    18) awk "BEGIN { exit !($side_b > 0.005) }" || changed "the sides are apart at $rate kbit/s" ;;
    24) awk "BEGIN { exit !($side_b < 0.001) }" || changed "the sides are not apart at $rate kbit/s" ;;
  esac
done
echo "as described"
