import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { measureBody } from "@/lib/uploads/content/measured-body";

const pieces = ["hear", "ken", "s"].map((text) => new TextEncoder().encode(text));
const sha256 = createHash("sha256").update("hearkens").digest();

function bodyOf(...parts: Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...parts];
  return new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next) controller.enqueue(next);
      else controller.close();
    },
  });
}

/** Reads the stream as a store does, and keeps the bytes. */
function take(stream: ReadableStream<Uint8Array>) {
  const taken: string[] = [];
  const ended = stream.pipeTo(
    new WritableStream({ write: (piece) => void taken.push(new TextDecoder().decode(piece)) }),
  );
  return { taken, ended };
}

test("passes the last piece on only after the hash was recorded", async () => {
  const told = Promise.withResolvers<Buffer>();
  const noted = Promise.withResolvers<void>();
  const body = measureBody(bodyOf(...pieces), 8, (hash) => (told.resolve(hash), noted.promise));
  const { taken, ended } = take(body.stream);
  expect(await told.promise).toEqual(sha256);
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(taken).toEqual(["hear", "ken"]);
  noted.resolve();
  await ended;
  expect(taken).toEqual(["hear", "ken", "s"]);
  expect(body.failure()).toBeUndefined();
});

test("also delays a body of one piece", async () => {
  const noted = Promise.withResolvers<void>();
  const { taken, ended } = take(measureBody(bodyOf(Buffer.concat(pieces)), 8, () => noted.promise).stream);
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(taken).toEqual([]);
  noted.resolve();
  await ended;
  expect(taken).toEqual(["hearkens"]);
});

test("never passes the last piece on when the hash cannot be recorded, and throws the reason", async () => {
  const refusal = new Error("the database is away");
  const body = measureBody(bodyOf(...pieces), 8, () => Promise.reject(refusal));
  const { taken, ended } = take(body.stream);
  await expect(ended).rejects.toBe(refusal);
  expect(body.failure()).toBe(refusal);
  expect(taken).toEqual(["hear", "ken"]);
});

test.each([
  ["too many bytes", 7, bodyOf(...pieces), "size_mismatch", ["hear"]],
  ["too few", 9, bodyOf(...pieces), "upload_interrupted", ["hear", "ken", "s"]],
  ["none", 8, null, "upload_interrupted", []],
  [
    "a broken line",
    8,
    new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error("reset")) }),
    "upload_interrupted",
    [],
  ],
] as const)("%s: records no hash", async (_, sizeBytes, source, code, given) => {
  let told = 0;
  const body = measureBody(source, sizeBytes, async () => void (told += 1));
  const { taken, ended } = take(body.stream);
  await expect(ended).rejects.toMatchObject({ code });
  expect(body.failure()).toBeInstanceOf(AppError);
  expect([taken, told]).toEqual([given, 0]);
});
