import { derivedAudioDeletionJob } from "@/lib/deletion/derived/derived-deletion-job";
import { drain } from "@/lib/jobs/drain";
import { derivedAudioJob } from "@/lib/media/derived-audio/derived-audio-job";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Makes or deletes derived audio in its own process, which gets SIGKILL at one point. Argument: the point. */
const point = process.argv[2]!;
const store = configuredStore();
const { readRange, put, head, deleteAllVersions, proveAbsence } = store;

const die = () => process.kill(process.pid, "SIGKILL");

Object.assign(store, {
  readRange: async (...args: Parameters<ObjectStore["readRange"]>) => {
    if (point === "while decoding") die();
    return readRange.apply(store, args);
  },
  put: async (key: string, body: ReadableStream<Uint8Array>, options: Parameters<ObjectStore["put"]>[2]) => {
    if (point === "before the object") die();
    const passed = new TransformStream<Uint8Array, Uint8Array>({
      transform: (piece, controller) => {
        if (point === "while sending") die();
        controller.enqueue(piece);
      },
    });
    const stored = await put.call(store, key, body.pipeThrough(passed), options);
    if (point === "after the object") die();
    return stored;
  },
  head: async (...args: Parameters<ObjectStore["head"]>) => {
    const facts = await head.apply(store, args);
    if (point === "before the record") die();
    return facts;
  },
  deleteAllVersions: async (key: string) => {
    if (point === "before the deletion") die();
    const counts = await deleteAllVersions.call(store, key);
    if (point === "after the deletion") die();
    return counts;
  },
  proveAbsence: async (key: string) => {
    const absence = await proveAbsence.call(store, key);
    if (point === "before the confirmation") die();
    return absence;
  },
});

await drain(40, { derived_audio: derivedAudioJob, derived_audio_deletion: derivedAudioDeletionJob });
process.exit(0);
