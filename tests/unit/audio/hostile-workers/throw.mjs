import { parentPort } from "node:worker_threads";

parentPort.once("message", () => {
  throw new Error("damaged");
});
parentPort.postMessage({ kind: "pull" });
