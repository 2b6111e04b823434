import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { audioTypeOfName } from "@/lib/core/accepted-audio-types";
import { importRecordings } from "@/scripts/recordings/import-recordings";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";
import { waitUntil } from "../support/wait-until";
import { formatRows } from "./format-rows";
import { makeFiles } from "./make-files";

/** What the portal made of a row's file. */
export type StoredFormat = {
  id: string;
  contentType: string;
  codec: string | null;
  durationMs: number | null;
  copy: string | null;
};

declare module "vitest" {
  export interface ProvidedContext {
    stored: Record<string, StoredFormat>;
  }
}

/** Makes the files, uploads them as a phone system does, and waits until the portal has measured and copied them. */
export default async function storeFormats(project: TestProject): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-formats-"));
  makeFiles(folder);
  const apiKey = await readFile(path.join(path.dirname(process.env.SIGN_INS!), "api-key.txt"), "utf8");
  const ids: Record<string, string> = {};
  const report = await importRecordings({ baseUrl: process.env.PORTAL_URL!, apiKey: apiKey.trim() }, entries(folder), {
    concurrency: 2,
    onResult: ({ line, id }) => void (id && (ids[formatRows[line]!.file] = id)),
  });
  await rm(folder, { recursive: true });
  for (const { line, problem } of report.failures) console.error(`${formatRows[line]!.file}: ${problem}`);
  const stored = await readWhenReady(ids);
  project.provide("stored", stored);
  if (process.env.FORMATS_RESULT)
    await writeFile(path.join(process.env.FORMATS_RESULT, "stored.json"), JSON.stringify(stored));
}

async function* entries(folder: string): AsyncGenerator<ManifestEntry> {
  for (const [line, { file, declared }] of formatRows.entries()) {
    const contentType = declared ?? audioTypeOfName(file)!;
    const facts = {
      source: "formats",
      unit: "suporte",
      direction: "inbound",
      startedAt: new Date().toISOString(),
    } as const;
    yield { line, file: path.join(folder, file), metadata: { ...facts, sourceCallId: `format-${file}`, contentType } };
  }
}

async function readWhenReady(ids: Record<string, string>): Promise<Record<string, StoredFormat>> {
  const sql = postgres(process.env.DATABASE_URL!, { max: 1, onnotice: () => undefined });
  const read = () => sql<(StoredFormat & { waveform: string })[]>`
    select r.id, r.content_type as "contentType", r.codec, r.duration_ms as "durationMs", c.state as copy,
      r.waveform_state as waveform
    from recordings r left join playable_copies c on c.recording_id = r.id where r.id in ${sql(Object.values(ids))}`;
  try {
    const isReady = async () => {
      const [jobs] = await sql<{ left: number }[]>`select count(*)::int as left from jobs
        where kind in ('waveform', 'playable_copy', 'transcoded_waveform') and dead_at is null`;
      return jobs!.left === 0 && (await read()).every(({ waveform }) => waveform !== "waiting");
    };
    await waitUntil("every recording is measured and copied", isReady, { intervalMs: 500, limitMs: 900_000 });
    const rows = new Map((await read()).map(({ waveform: _, ...row }) => [row.id, row]));
    return Object.fromEntries(Object.entries(ids).map(([file, id]) => [file, rows.get(id)!]));
  } finally {
    await sql.end();
  }
}
