import { readFileSync } from "node:fs";
import path from "node:path";
import { audioOf, type Audio } from "./audio-fixtures";

/** Files as phone systems write them: whole, cut off and without sound. Their names say by which and what. */
export const recordersFolder = path.resolve(import.meta.dirname, "../fixtures/recorders");

/** A file of `tests/fixtures`, by its path in there, with the type to declare. */
export const fixtureFile = (name: string, contentType: string): Audio =>
  audioOf(path.basename(name), readFileSync(path.resolve(import.meta.dirname, "../fixtures", name)), contentType);
