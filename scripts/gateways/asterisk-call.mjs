import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const voices = { "pt-BR": "pt-br", en: "en-us" };

/**
 * Makes an Asterisk on this machine call the number and say the text: a sound made by `espeak-ng` and `ffmpeg`, and a
 * call file. `channel` is the trunk with a place for the number: "PJSIP/{number}@trunk".
 */
export function callByAsterisk({ id, to, text, language }, { channel, sounds, outgoing, callerId }) {
  mkdirSync(sounds, { recursive: true });
  const sound = path.join(sounds, id);
  speak(text, voices[language] ?? voices["pt-BR"], `${sound}.wav`);
  const call = callFile({ channel: channel.replace("{number}", to.replace("+", "")), callerId, sound });
  const fresh = path.join(sounds, `${id}.call`);
  writeFileSync(fresh, call, { mode: 0o660 });
  // Asterisk reads the file as soon as it appears: it must be whole.
  renameSync(fresh, path.join(outgoing, `${id}.call`));
}

/** The lines of a call file: it plays the sound once the call is answered, and calls once more if it is not. */
export const callFile = ({ channel, callerId, sound }) =>
  [
    `Channel: ${channel}`,
    ...(callerId ? [`CallerID: ${callerId}`] : []),
    "MaxRetries: 1",
    "RetryTime: 60",
    "WaitTime: 45",
    "Application: Playback",
    `Data: ${sound}`,
    "",
  ].join("\n");

/** The text as an argument would show in the list of processes: it goes through a pipe. */
function speak(text, voice, file) {
  const speech = spawnSync("espeak-ng", ["-v", voice, "-s", "140", "--stdin", "--stdout"], { input: text });
  if (speech.status !== 0) throw new Error("espeak-ng failed");
  const format = ["-ar", "8000", "-ac", "1", "-c:a", "pcm_s16le"];
  const encoded = spawnSync("ffmpeg", ["-v", "error", "-y", "-i", "pipe:0", ...format, file], { input: speech.stdout });
  if (encoded.status !== 0) {
    rmSync(file, { force: true });
    throw new Error("ffmpeg failed");
  }
  chmodSync(file, 0o640);
}
