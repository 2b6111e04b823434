import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { PublicKeys } from "@/lib/audit/signing-keys";
import { manifestProblem, signedManifest } from "@/lib/subject-requests/package/manifest";

export type PackageReport = { holds: boolean; protocols: string[]; files: number; problems: string[] };

/**
 * Verifies the unpacked files of one package, of all its ZIPs, with public keys alone: each manifest by its signature,
 * each file by its hash in a manifest.
 */
export async function verifyPackage(folder: string, keys: PublicKeys): Promise<PackageReport> {
  const report: PackageReport = { holds: false, protocols: [], files: 0, problems: [] };
  for (const name of (await readdir(folder)).toSorted()) {
    const text = name.endsWith(".json") ? await readFile(path.join(folder, name), "utf8") : "";
    const signed = text.startsWith('{"signature"') ? signedManifest.safeParse(parsed(text)) : null;
    if (signed?.success) await verifyPart(folder, text, signed.data.statement, { keys, report });
  }
  if (report.protocols.length === 0) report.problems.push("there is no signed manifest");
  return { ...report, holds: report.problems.length === 0 };
}

type Told = { protocol: string; files: number; manifest: { name: string } };

async function verifyPart(
  folder: string,
  signature: string,
  { protocol, files, manifest }: Told,
  { keys, report }: { keys: PublicKeys; report: PackageReport },
): Promise<void> {
  report.protocols.push(protocol);
  const list = await readFile(path.join(folder, path.basename(manifest.name)), "utf8").catch(() => null);
  const problem = list === null ? "the manifest is missing" : manifestProblem(list, signature, keys);
  if (problem !== null) return void report.problems.push(`${manifest.name}: ${problem}`);
  const lines = [...list!.matchAll(/^([0-9a-f]{64}) {2}([\w./-]+)$/gm)];
  if (lines.length !== files) report.problems.push(`${manifest.name}: it names ${lines.length} of ${files} files`);
  for (const [, sha256, name] of lines) {
    report.files += 1;
    const found = await hashOf(path.join(folder, name!)).catch(() => null);
    if (found !== sha256) report.problems.push(`${name}: ${found === null ? "is missing" : "was altered"}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest("hex");
}
