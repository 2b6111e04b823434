import path from "node:path";

/** Files as phone systems write them: whole, cut off and without sound. Their names say by which and what. */
export const recordersFolder = path.resolve(import.meta.dirname, "../fixtures/recorders");
