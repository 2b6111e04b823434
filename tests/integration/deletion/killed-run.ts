import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { job } from "../../support/recordings";
import { startCommand } from "@/scripts/start-command";

startCommand();

/**
 * A run in its own process that gets SIGKILL during a store call. Arguments: the kind of store call, and how many calls
 * precede the kill.
 */
const [point, at] = [process.argv[2]!, Number(process.argv[3])];
const store = configuredStore();
let calls = 0;

const die = () => process.kill(process.pid, "SIGKILL");

const deadly: ObjectStore = Object.assign(Object.create(store) as ObjectStore, {
  deleteAllVersions: async (key: string) => {
    if (point === "after-mark" && ++calls === at) die();
    const counts = await store.deleteAllVersions(key);
    if (point === "after-delete" && ++calls === at) die();
    return counts;
  },
  proveAbsence: async (key: string) => {
    const proof = await store.proveAbsence(key);
    if (point === "before-confirm" && ++calls === at) die();
    return proof;
  },
});

await runRetention(job(), { stores: [deadly], signal: AbortSignal.timeout(30_000), batchSize: 5 });
process.exit(0);
