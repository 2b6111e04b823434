import { globSync } from "node:fs";
import { findChromium } from "./chromium.mjs";
import { pathOfProgram, programsProblem } from "./debian-programs.mjs";

/** Firefox needs a sound device, or it ends each sound at once: PulseAudio has one that plays nothing. */
const firefox = {
  name: "Firefox ESR",
  programs: ["firefox-esr", "pulseaudio"],
  packages: ["firefox-esr", "pulseaudio"],
  message: "  Installing Firefox ESR and PulseAudio from Debian's packages (once; about a minute) ...",
};

const plugin = (name) => `/usr/lib/*/gstreamer-1.0/libgst${name}.so`;

/**
 * GStreamer's plugins as a desktop of Debian has them: `good` has MP3, FLAC, WAV and the sound device, `libav` AAC, and
 * `bad` what cuts Opus; Opus and Vorbis themselves are in `base`. Each is known by one of its files.
 */
const webkitgtk = {
  name: "WebKitGTK",
  programs: ["WebKitWebDriver", "Xvfb", "pulseaudio", "parec"],
  files: [plugin("pulseaudio"), plugin("libav"), plugin("opusparse")],
  packages: [
    ...["webkit2gtk-driver", "gstreamer1.0-plugins-good", "gstreamer1.0-plugins-bad", "gstreamer1.0-libav"],
    ...["pulseaudio", "xvfb"],
  ],
  message: "  Installing WebKitGTK and GStreamer from Debian's packages (once; about a minute) ...",
};

const miniBrowser = () => globSync("/usr/lib/*/webkit2gtk-4.1/MiniBrowser")[0];

/** Finds or installs the browsers of the format matrix. Each has its `path`, or the `problem` that keeps it away. */
export async function browserPrograms() {
  const chromium = await findChromium();
  return {
    chromium: chromium ? { path: chromium } : { problem: "No Chromium was found: install the package `chromium`." },
    firefox: found(firefox, () => pathOfProgram("firefox-esr")),
    webkitgtk: found(webkitgtk, miniBrowser),
  };
}

function found(wanted, find) {
  const problem = programsProblem(wanted);
  if (problem) return { problem };
  const path = find();
  return path ? { path } : { problem: `${wanted.name} has no browser where Debian's packages have it.` };
}
