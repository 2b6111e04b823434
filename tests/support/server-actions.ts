import { readFileSync } from "node:fs";
import path from "node:path";

const manifest = path.resolve(import.meta.dirname, "../../.next/server/server-reference-manifest.json");

type Manifest = { node: Record<string, { filename?: string; exportedName?: string }> };

/** The server actions of the build: the ids that browsers send, with the file and the name of each. */
export function builtActions(): { id: string; file: string; name: string }[] {
  const { node } = JSON.parse(readFileSync(manifest, "utf8")) as Manifest;
  return Object.entries(node).map(([id, { filename = "", exportedName = "" }]) => ({
    id,
    file: filename,
    name: exportedName,
  }));
}
