import { spawn } from "node:child_process";
import { copyFile, mkdtemp, readdir, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { audioFolder, audioNames } from "./audio-fixtures";
import { loadTypescript } from "./load-typescript";
import type { PortalServer } from "./portal-server";
import type { PhoneSystem } from "./uploads";

const root = path.resolve(import.meta.dirname, "../..");
/** The call of `putCall(1)`, as a night job compresses it. */
export const compressedCall = path.join(audioFolder, "../recorders/call-02-compressed.mp3");
export const wavs = audioNames.filter((name) => /call-\d+-wav/.test(name));

/** The name that FreePBX gives to the recording of a call. */
export const freepbx = (count: number) =>
  `q-600-1198765${String(1000 + count)}-20260302-140531-${1772471131 + count}.${count}`;

/** An empty folder of a phone system, and what the portal has of its source. */
export async function makeSpool() {
  const source = `spool-${newId()}`;
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-spool-"));
  const rows = () =>
    database()
      .select({ state: recordings.state, call: recordings.sourceCallId, startedAt: recordings.startedAt })
      .from(recordings)
      .where(eq(recordings.source, source));
  const stored = async () => (await rows()).filter(({ state }) => state === "stored").length;
  /** Without the digests of names of removed files, which hold nothing of them. */
  const files = async (area = "") =>
    (await readdir(path.join(folder, area), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile() && !path.relative(folder, entry.parentPath).startsWith(".removed"))
      .map(({ name }) => name)
      .sort();
  /** Copies a file into the folder, as if it was written a minute ago. */
  const put = async (name: string, from: string) => {
    const file = path.join(folder, name);
    await copyFile(from, file);
    await utimes(file, new Date(), new Date(Date.now() - 60_000));
    return file;
  };
  const putCall = (count: number, wav = wavs[count % wavs.length]!) =>
    put(`${freepbx(count)}.wav`, path.join(audioFolder, wav));
  return { folder, source, rows, stored, files, put, putCall };
}

export type Spool = Awaited<ReturnType<typeof makeSpool>>;

export type SpoolCommand = {
  output: string;
  errors: string;
  closed: Promise<number | null>;
  end: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** The JSON lines so far. */
  lines: () => { outcome: string; file?: string; problem?: string; note?: string }[];
};

/** A command on a spool, as an operator runs it: `watch`, or `import` with `--names auto`. */
export function runOnSpool(
  command: "watch" | "import",
  { folder, source }: Pick<Spool, "folder" | "source">,
  { server, system }: { server: Pick<PortalServer, "origin">; system: PhoneSystem },
  parameters: string[],
  wrapper: string[] = [],
): SpoolCommand {
  const usual = command === "watch" ? ["--settle", "0.4", "--retry", "0.5"] : ["--names", "auto"];
  const options = ["--url", server.origin, "--source", source, "--unit", system.unitCode, ...usual, ...parameters];
  const script = path.join(root, "scripts/recordings.ts");
  const all = [...wrapper, process.execPath, "--import", loadTypescript, script, command, folder, ...options];
  const child = spawn(all[0]!, all.slice(1), {
    cwd: root,
    env: { ...process.env, CUSTODIA_API_KEY: system.apiKey },
  });
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  const run: SpoolCommand = {
    output: "",
    errors: "",
    closed,
    end: async (signal = "SIGTERM") => (child.kill(signal), closed),
    lines: () =>
      run.output
        .trim()
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as { outcome: string }),
  };
  child.stdout.on("data", (chunk) => (run.output += chunk));
  child.stderr.on("data", (chunk) => (run.errors += chunk));
  return run;
}
