#!/usr/bin/env bash
# Chromium 156: the clock of an MP3 with a variable bit rate and no index is seconds away from what is heard.
#
# Packages   Debian 12: chromium-headless-shell 156.0.8078.108-1~deb12u1, ffmpeg 7:5.1.9-0+deb12u1. npm: puppeteer-core
#            25.16.0.
# Expected   HTML, "media elements": a media element without explicit timings has a timeline that begins at 0 and runs
#            as the sound does; after a seek, the position is that of the new place. `duration` may be an estimate, but
#            `seekable` and the position are not.
# Happens    A seek goes to a byte that is guessed from the rate of the first frames, and the position is the time that
#            was asked for. From there on the clock is wrong by the error of the guess, and `ended` comes at another
#            time than the duration of a playback without a seek. No event tells.
# Seen       12 s of sound, of which the last 2 have another pitch: duration 15.76 s; after a seek to 9.30 the change of
#            pitch at 10.00 is heard at 12.12 of the element's clock. 2026-11-29. (Firefox ESR 153.8: 17.68 and 11.78 s.)
# Custodia   Indexes such an MP3 and serves it behind the head of an MP4: `lib/playback/served-file.ts`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" chromium-headless-shell=156.0.8078.108-1~deb12u1 \
  ffmpeg=7:5.1.9-0+deb12u1 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" puppeteer-core@25.16.0

# Faint sound for 6 s, noise for 2 s, one pitch for 2 s, another for 2 s: the rate of the first frames says little.
sound="if(lt(t,6),0.02*sin(2*PI*700*t),if(lt(t,8),0.5*(2*random(0)-1),if(lt(t,10),0.4*sin(2*PI*440*t),0.4*sin(2*PI*1000*t))))"
ffmpeg -v error -nostdin -f lavfi -i "aevalsrc=exprs='$sound':d=12:s=16000" -c:a libmp3lame -q:a 6 -write_xing 0 \
  -id3v2_version 0 call.mp3

cat >measure.mjs <<'END_OF_SCRIPT'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const mp3 = readFileSync("call.mp3");
const server = createServer((request, response) => {
  if (request.url === "/") return void response.setHeader("content-type", "text/html").end("<audio src=/call.mp3></audio>");
  if (request.url !== "/call.mp3") return void response.writeHead(404).end();
  const [, from = 0, to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
  const [first, last] = [Number(from), to === "" ? mp3.length - 1 : Math.min(Number(to), mp3.length - 1)];
  response.writeHead(request.headers.range ? 206 : 200, {
    "content-type": "audio/mpeg", "accept-ranges": "bytes", "content-length": last - first + 1,
    ...(request.headers.range ? { "content-range": `bytes ${first}-${last}/${mp3.length}` } : {}),
  });
  response.end(mp3.subarray(first, last + 1));
}).listen(0, "127.0.0.1");
const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const { duration, changeAt } = await page.evaluate(async () => {
  const audio = document.querySelector("audio");
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.smoothingTimeConstant = 0;
  context.createMediaElementSource(audio).connect(analyser);
  analyser.connect(context.destination);
  await audio.play();
  audio.currentTime = 9.3;
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  let [changeAt, hasHeardFirst] = [0, false];
  while (!audio.ended && changeAt === 0) {
    analyser.getFloatFrequencyData(spectrum);
    const loudest = spectrum.indexOf(Math.max(...spectrum));
    const pitch = (loudest * context.sampleRate) / analyser.fftSize;
    if (spectrum[loudest] > -40 && Math.abs(pitch - 440) < 30) hasHeardFirst = true;
    if (spectrum[loudest] > -40 && hasHeardFirst && Math.abs(pitch - 1000) < 30) changeAt = audio.currentTime;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { duration: audio.duration, changeAt };
});
console.log(`${(await browser.version()).replace(/.*\//, "")} ${duration.toFixed(2)} ${changeAt.toFixed(2)}`);
await browser.close();
server.close();
END_OF_SCRIPT
read -r version duration change < <(node measure.mjs "$(command -v chromium-headless-shell)")
echo "Chromium $version: duration $duration s of 12; the change at 10.00 s is heard at $change s of the element's clock"
awk "BEGIN { exit !($duration > 13) }" || changed "Chromium states a duration of $duration s"
awk "BEGIN { exit !($change > 11) }" || changed "the change is heard at $change s"
echo "as described"
