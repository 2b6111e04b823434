#!/usr/bin/env bash
# WebKitGTK 2.50.6: while Web Audio takes an <audio> element's sound, its clock runs a second ahead, and so does `ended`.
#
# Packages   Debian 12: webkit2gtk-driver 2.50.6-1~deb12u2, gstreamer1.0-plugins-good 1.22.0-5+deb12u4, xvfb. They must
#            be installed (WebKit finds its processes by absolute paths). npm: selenium-webdriver 4.49.0.
# Expected   HTML, "media elements": the current playback position is the time of what is presented to the user, and
#            `ended` fires when it reaches the end. createMediaElementSource (Web Audio API, section 1.22) re-routes the
#            sound and says nothing of the position. Chromium and Firefox agree within 0.05 s.
# Happens    The pipeline reads ahead of Web Audio, and the position is that of the reading.
# Seen       A WAV of 5 s whose pitch changes at 4.00 s. By the element's clock the change is heard at 5.00, after
#            `ended`, and 1.7 s of sound are heard after `ended`. With a sound device (PulseAudio's null sink) it varies:
#            3.84, 4.60 or 5.00. Without Web Audio, at the device, clock and sound agree within 0.1 s. 2026-11-29.
# Custodia   Web Audio is used only once a listener moves a channel's volume. In WebKitGTK the position, and the parts
#            that count as heard, are then a second ahead. The format matrix records what the device plays.
set -euo pipefail

tmp=$(mktemp -d)
end() {
  for name in driver display; do
    [ ! -f "$tmp/$name.id" ] || kill "$(cat "$tmp/$name.id")" 2>/dev/null || true
  done
  rm -rf "$tmp"
}
trap end EXIT
cd "$tmp"
changed() { echo "changed: $1" >&2; exit 1; }

for wanted in webkit2gtk-driver=2.50.6-1~deb12u2 gstreamer1.0-plugins-good=1.22.0-5+deb12u4 xvfb; do
  have=$(dpkg-query -W -f '${Version}' "${wanted%%=*}" 2>/dev/null || true)
  [ -n "$have" ] && [ "${wanted#*=}" = "$wanted" -o "${wanted#*=}" = "$have" ] || changed "$wanted is not installed"
done
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$tmp" selenium-webdriver@4.49.0

Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>display >/dev/null 2>&1 &
echo $! >display.id
until [ -s display ]; do :; done
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
DISPLAY=:$(cat display) HOME=$tmp XDG_RUNTIME_DIR=$tmp WebKitWebDriver --port="$port" >/dev/null 2>&1 &
echo $! >driver.id

cat >measure.mjs <<'END_OF_SCRIPT'
import { createServer } from "node:http";
import { Builder, By, Capabilities } from "selenium-webdriver";

const [rate, seconds, change] = [8000, 5, 4];
const wav = Buffer.alloc(44 + rate * seconds * 2);
wav.write("RIFF", 0), wav.writeUInt32LE(wav.length - 8, 4), wav.write("WAVEfmt ", 8), wav.writeUInt32LE(16, 16);
wav.writeUInt16LE(1, 20), wav.writeUInt16LE(1, 22), wav.writeUInt32LE(rate, 24), wav.writeUInt32LE(rate * 2, 28);
wav.writeUInt16LE(2, 32), wav.writeUInt16LE(16, 34), wav.write("data", 36), wav.writeUInt32LE(wav.length - 44, 40);
for (let at = 0; at < rate * seconds; at++) {
  const pitch = at < change * rate ? 440 : 1000;
  wav.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * pitch * at) / rate)), 44 + at * 2);
}
const page = `<audio></audio><button onclick="audio = document.querySelector('audio'); audio.src = '/call.wav'; audio.play()">`;
const server = createServer((request, response) => {
  if (request.url === "/") return void response.setHeader("content-type", "text/html").end(page);
  if (request.url !== "/call.wav") return void response.writeHead(404).end();
  const [, from = 0, to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
  const [first, last] = [Number(from), to === "" ? wav.length - 1 : Math.min(Number(to), wav.length - 1)];
  response.writeHead(request.headers.range ? 206 : 200, {
    "content-type": "audio/wav", "accept-ranges": "bytes", "content-length": last - first + 1,
    ...(request.headers.range ? { "content-range": `bytes ${first}-${last}/${wav.length}` } : {}),
  });
  response.end(wav.subarray(first, last + 1));
}).listen(0, "127.0.0.1");

const binary = process.argv[3];
const capabilities = new Capabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": { binary, args: ["--automation"] } });
const driver = await new Builder().usingServer(`http://127.0.0.1:${process.argv[2]}`).withCapabilities(capabilities).build();
await driver.manage().setTimeouts({ script: 60_000 });
await driver.get(`http://127.0.0.1:${server.address().port}/`);
await driver.findElement(By.css("button")).click();
const measured = await driver.executeScript(async () => {
  const { audio } = globalThis;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.smoothingTimeConstant = 0;
  context.createMediaElementSource(audio).connect(analyser);
  analyser.connect(context.destination);
  await context.resume();
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  let [changeAt, endedAt, lastSound] = [null, null, 0];
  audio.addEventListener("ended", () => (endedAt = context.currentTime));
  while (endedAt === null || context.currentTime - Math.max(endedAt, lastSound) < 0.7) {
    analyser.getFloatFrequencyData(spectrum);
    const loudest = spectrum.indexOf(Math.max(...spectrum));
    const pitch = (loudest * context.sampleRate) / analyser.fftSize;
    if (spectrum[loudest] > -60) lastSound = context.currentTime;
    if (spectrum[loudest] > -60 && pitch > 800) changeAt ??= audio.currentTime;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { changeAt, soundAfterEnded: lastSound - endedAt };
});
const version = (await driver.getCapabilities()).get("browserVersion");
await driver.quit();
server.close();
console.log(`${version} ${measured.changeAt.toFixed(2)} ${measured.soundAfterEnded.toFixed(2)}`);
END_OF_SCRIPT
read -r version change after < <(node measure.mjs "$port" /usr/lib/*/webkit2gtk-4.1/MiniBrowser)
echo "WebKitGTK $version: the change at 4.00 s is heard at $change s of the element's clock; $after s of sound after ended"
awk "BEGIN { exit !($change > 4.4) }" || changed "the clock agrees with the sound"
awk "BEGIN { exit !($after > 0.4) }" || changed "ended fires when the sound ends"
echo "as described"
