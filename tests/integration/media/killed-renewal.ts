import { drain } from "@/lib/jobs/drain";
import { formatRenewalJob } from "@/lib/media/format-renewal/format-renewal-job";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { startCommand } from "@/scripts/start-command";

startCommand();

/** Reads the formats of older recordings in its own process, which gets SIGKILL while it reads the second one. */
const store = configuredStore();
const { readRange } = store;
const keys = new Set<string>();

Object.assign(store, {
  readRange: (...args: Parameters<ObjectStore["readRange"]>) => {
    if (keys.add(args[0]).size === 2) process.kill(process.pid, "SIGKILL");
    return readRange.apply(store, args);
  },
});

await drain(40, { format_renewal: formatRenewalJob });
process.exit(0);
