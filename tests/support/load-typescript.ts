import path from "node:path";

/** What `node --import` needs to run TypeScript of the project, from any folder. */
export const loadTypescript = path.resolve(import.meta.dirname, "../../scripts/launch/load-typescript.mjs");
