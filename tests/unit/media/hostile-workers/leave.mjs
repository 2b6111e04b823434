import { parentPort } from "node:worker_threads";

parentPort.on("message", ({ kind }) => {
  if (kind === "begin") parentPort.postMessage({ kind: "pull" });
  else process.exit(0);
});
