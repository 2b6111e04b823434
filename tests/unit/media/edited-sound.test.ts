import fc from "fast-check";
import { expect, test } from "vitest";
import { EditedSound, readWavStart, wavHead } from "@/lib/media/derived-audio/edited-sound";

const edited = (sound: Buffer, pieces: readonly number[], ...options: ConstructorParameters<typeof EditedSound>) => {
  const editor = new EditedSound(...options);
  const made: Buffer[] = [];
  for (let at = 0, turn = 0; at < sound.length; turn += 1) {
    const size = pieces[turn % pieces.length]!;
    made.push(editor.edit(Buffer.from(sound.subarray(at, at + size))));
    at += size;
  }
  return { sound: Buffer.concat(made), durationMs: editor.durationMs };
};

test("a silenced part is silent to the sample, in every channel, and nothing else is", () => {
  const form = { channels: 2, sampleRate: 1000 };
  const sound = Buffer.alloc(40, 0x7f);
  const silences = [{ fromMs: 2, toMs: 4 }];
  const made = edited(sound, [40], form, { keptChannel: null, silences });
  expect([...made.sound]).toEqual([...sound].map((byte, at) => (at >= 8 && at < 16 ? 0 : byte)));
  expect(made.durationMs).toBe(10);
});

test("one channel alone: the others are silent and times are kept, wherever pieces end", () => {
  const form = fc.record({
    channels: fc.integer({ min: 2, max: 4 }),
    sampleRate: fc.constantFrom(8000, 11_025, 44_100),
  });
  const edit = fc.record({
    silences: fc.array(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 })), { maxLength: 4 }),
    pieces: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 5 }),
    frames: fc.nat(900),
    kept: fc.option(fc.nat(1)),
  });
  fc.assert(
    fc.property(form, edit, ({ channels, sampleRate }, { silences, pieces, frames, kept }) => {
      const sound = Buffer.alloc(frames * channels * 2, 0x55);
      const parts = silences.map(([fromMs, ms]) => ({ fromMs, toMs: fromMs + ms }));
      const made = edited(sound, pieces, { channels, sampleRate }, { keptChannel: kept, silences: parts }).sound;
      expect(made.length).toBe(sound.length);
      for (let frame = 0; frame < frames; frame += 1) {
        const [beginsMs, endsMs] = [(frame * 1000) / sampleRate, ((frame + 1) * 1000) / sampleRate];
        const isSilent = parts.some(({ fromMs, toMs }) => beginsMs < toMs && endsMs > fromMs);
        for (let channel = 0; channel < channels; channel += 1) {
          const sample = made.readInt16LE((frame * channels + channel) * 2);
          expect(sample === 0).toBe(isSilent || (kept !== null && kept !== channel));
        }
      }
    }),
  );
});

test("the head of a WAV is read as ffmpeg writes it, and only when it is whole", () => {
  const form = { channels: 2, sampleRate: 8000 };
  const head = wavHead(form, 1000);
  expect(readWavStart(head)).toEqual({ ...form, soundAt: 44 });
  expect(readWavStart(head.subarray(0, 40))).toBeNull();
  const withList = Buffer.concat([
    head.subarray(0, 36),
    Buffer.from("LIST\u0003\0\0\0abc\0", "latin1"),
    head.subarray(36),
  ]);
  expect(readWavStart(withList)).toEqual({ ...form, soundAt: 56 });
});
