import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { isEmptyRecording } from "@/lib/media/empty-recording";
import { SNIFF_HEAD_BYTES } from "@/lib/media/sniff-audio";
import { audio, audioNames } from "../../support/audio-fixtures";
import { recordersFolder } from "../../support/recorder-fixtures";

const recorded = (name: string) => readFileSync(path.join(recordersFolder, name));
const silentWav = recorded("asterisk22-silent-call-44-bytes.wav");
const chunk = Buffer.from("LIST\x04\0\0\0INFO", "latin1");
const headOf = (bytes: Buffer) => isEmptyRecording(bytes.subarray(0, SNIFF_HEAD_BYTES), bytes.length);
const withSize = (size: number) => {
  const bytes = Buffer.from(silentWav);
  bytes.writeUInt32LE(size, 40);
  return bytes;
};

test.each<[string, Buffer]>([
  ["a WAV of Asterisk for a silent call", silentWav],
  ["an Ogg of Asterisk for a silent call", recorded("asterisk22-silent-call-no-samples.ogg")],
  ["a WAV whose recorder was killed at its start", withSize(0xffff_ffff)],
  ["a WAV with facts behind its empty sound", Buffer.concat([silentWav, chunk])],
  ["an Opus stream without audio", recorded("asterisk22-opus-4s.opus").subarray(0, 841)],
  ["an AMR of its mark", Buffer.from("#!AMR\n")],
  ["an AU of its header", Buffer.from(".snd\0\0\0\x18\0\0\0\0\0\0\0\x01\0\0\x1f\x40\0\0\0\x01", "latin1")],
])("%s has no sound", (_what, bytes) => expect(headOf(bytes)).toBe(true));

test.each<[string, Buffer]>([
  ["one sample", Buffer.concat([silentWav, Buffer.alloc(2)])],
  ["sizes of 0 of a killed recorder, and sound", recorded("asterisk22-killed-sizes-zero.wav")],
  ["wav49", recorded("asterisk22-wav49-4s.WAV")],
  ["Vorbis", recorded("asterisk22-vorbis-4s.ogg")],
  ["Opus", recorded("asterisk22-opus-4s.opus")],
  ["raw GSM", recorded("asterisk22-gsm-4s.gsm")],
])("a recording with sound has sound: %s", (_what, bytes) => expect(headOf(bytes)).toBe(false));

test.each(audioNames)("%s has sound", (name) => expect(headOf(audio(name).bytes)).toBe(false));

test("says nothing of what it has not read", () => {
  const ogg = recorded("asterisk22-silent-call-no-samples.ogg");
  expect(isEmptyRecording(ogg, ogg.length + 1)).toBe(false);
});
