// Entry point of the decoding worker thread, in development and in production alike. Plain Node.js runs it.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// A worker's start costs more than its work: with all compiled before, a quarter. This file needs no stripping, which
// alone costs as much as the rest. If the folder cannot be written, Node.js compiles each time.
enableCompileCache(fileURLToPath(new URL("../../../node_modules/.cache/node-compile-cache", import.meta.url)));
await import("./worker.ts");
