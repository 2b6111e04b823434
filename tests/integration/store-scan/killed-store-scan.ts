import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { configuredStore } from "@/lib/storage/configured-store";
import { job } from "../../support/recordings";
import { storeWith } from "./custody";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** A scan in its own process that gets SIGKILL at its nth page of the bucket or its nth object check. */
const [point, at] = [process.argv[2]!, Number(process.argv[3])];
const store = configuredStore();
let calls = 0;

const dieAt = (name: string) => {
  if (point === name && ++calls === at) process.kill(process.pid, "SIGKILL");
};

const deadly = storeWith({
  list: (request) => (dieAt("list"), store.list(request)),
  head: (key) => (dieAt("head"), store.head(key)),
});

await runStoreScan(job(), { stores: [deadly], signal: AbortSignal.timeout(60_000), begin: true, minimumAgeMs: 0 });
process.exit(0);
