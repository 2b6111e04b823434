import { parentPort } from "node:worker_threads";

parentPort.postMessage({ kind: "pull" });
const hoard = [];
for (;;) hoard.push({ index: hoard.length, words: ["a", "b", String(hoard.length)] });
