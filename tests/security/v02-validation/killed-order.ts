import { carryOutOrder } from "@/lib/deletion/orders/deletion-order-job";
import { configuredStore } from "@/lib/storage/configured-store";
import { startCommand } from "@/scripts/start-command";

startCommand();

/**
 * Carries out a deletion order in its own process, which gets SIGKILL at a store call. Arguments: the order, the kind
 * of store call, and how many of that kind came before.
 */
const [orderId, point, before] = [process.argv[2]!, process.argv[3]!, Number(process.argv[4])];
const store = configuredStore();
const { deleteAllVersions, proveAbsence } = store;
let calls = 0;

function dieAt(here: string): void {
  if (point === here && ++calls > before) process.kill(process.pid, "SIGKILL");
}

Object.assign(store, {
  deleteAllVersions: async (key: string) => {
    const counts = await deleteAllVersions.call(store, key);
    dieAt("after-delete");
    return counts;
  },
  proveAbsence: async (key: string) => {
    const proof = await proveAbsence.call(store, key);
    dieAt("before-confirm");
    return proof;
  },
});

await carryOutOrder(orderId, { signal: AbortSignal.timeout(60_000) });
