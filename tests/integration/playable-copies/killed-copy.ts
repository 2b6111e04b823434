import { drain } from "@/lib/jobs/drain";
import { playableCopyJob } from "@/lib/media/playable-copies/make-copy";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Makes copies in its own process, which gets SIGKILL at one point of the work. Argument: the point. */
const point = process.argv[2]!;
const store = configuredStore();
const { readRange, put, head } = store;

const die = () => process.kill(process.pid, "SIGKILL");
let reads = 0;

Object.assign(store, {
  readRange: async (...args: Parameters<ObjectStore["readRange"]>) => {
    reads += 1;
    if (point === "while measuring" && reads === 1) die();
    if (point === "while decoding" && reads === 2) die();
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
});

await drain(40, { playable_copy: playableCopyJob });
process.exit(0);
