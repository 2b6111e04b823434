#!/usr/bin/env bash
# Chromium 156 plays chained Ogg Opus streams to their end, and states the duration of the last one alone.
#
# Packages   Debian 12: chromium-headless-shell 156.0.8078.108-1~deb12u1, opus-tools 0.2-1+b1, sox
#            14.4.2+git20190427-3.5. npm: puppeteer-core 25.16.0.
# Expected   RFC 3533 (section 4) and RFC 7845 (section 1) allow one stream after another in a file. HTML, "media
#            elements": `duration` is the time of the end of the media, and `currentTime` never passes it.
# Happens    When loaded, `duration` is that of the last page's granule position, which counts from the beginning of its
#            own stream. Playback goes through both streams: the position passes that duration.
# Seen       Streams of 2 s and 3 s: duration 3.01 s when loaded, `ended` at 5.01 s. 2026-11-29.
# Custodia   Measures all streams, says on the page what browsers do, and makes a playable copy of all of them:
#            `lib/media/playable-copies`.
set -euo pipefail

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

mkdir -p "$tmp/debs/partial"
apt-get install -qq -y --no-install-recommends --download-only -o Debug::NoLocking=1 -o APT::Sandbox::User=root \
  -o Dir::Cache::archives="$tmp/debs" chromium-headless-shell=156.0.8078.108-1~deb12u1 opus-tools=0.2-1+b1 \
  sox=14.4.2+git20190427-3.5 >/dev/null
find "$tmp/debs" -name '*.deb' -exec dpkg -x {} "$tmp/root" \;
export PATH="$tmp/root/usr/bin:$PATH" LD_LIBRARY_PATH="$tmp/root/usr/lib/$(uname -m)-linux-gnu"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" puppeteer-core@25.16.0

sox -D -r 8000 -n -b 16 a.wav synth 2 sine 440 vol 0.5
sox -D -r 8000 -n -b 16 b.wav synth 3 sine 880 vol 0.5
opusenc --quiet --serial 1 --bitrate 16 a.wav a.opus
opusenc --quiet --serial 2 --bitrate 16 b.wav b.opus
cat a.opus b.opus >call.opus

cat >measure.mjs <<'END_OF_SCRIPT'
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import puppeteer from "puppeteer-core";

const opus = readFileSync("call.opus");
const server = createServer((request, response) => {
  if (request.url === "/") return void response.setHeader("content-type", "text/html").end("<audio src=/call.opus></audio>");
  if (request.url !== "/call.opus") return void response.writeHead(404).end();
  const [, from = 0, to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
  const [first, last] = [Number(from), to === "" ? opus.length - 1 : Math.min(Number(to), opus.length - 1)];
  response.writeHead(request.headers.range ? 206 : 200, {
    "content-type": "audio/ogg", "accept-ranges": "bytes", "content-length": last - first + 1,
    ...(request.headers.range ? { "content-range": `bytes ${first}-${last}/${opus.length}` } : {}),
  });
  response.end(opus.subarray(first, last + 1));
}).listen(0, "127.0.0.1");
const browser = await puppeteer.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--autoplay-policy=no-user-gesture-required"],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
const { loaded, endedAt } = await page.evaluate(async () => {
  const audio = document.querySelector("audio");
  const ended = new Promise((resolve) => ["ended", "error"].forEach((name) => audio.addEventListener(name, resolve)));
  await audio.play();
  const loaded = audio.duration;
  await ended;
  return { loaded, endedAt: audio.currentTime };
});
console.log(`${(await browser.version()).replace(/.*\//, "")} ${loaded.toFixed(2)} ${endedAt.toFixed(2)}`);
await browser.close();
server.close();
END_OF_SCRIPT
read -r version loaded ended < <(node measure.mjs "$(command -v chromium-headless-shell)")
echo "Chromium $version: duration $loaded s of 5 when loaded; played until $ended s"
awk "BEGIN { exit !($loaded < 4) }" || changed "Chromium states a duration of $loaded s"
awk "BEGIN { exit !($ended > 4.5) }" || changed "Chromium plays until $ended s"
echo "as described"
