import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { timeDaysAgo } from "@/lib/core/time";
import type { OperationContext } from "@/lib/operation/operation";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { importRecordings } from "@/scripts/recordings/import-recordings";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import type { ManifestEntry } from "@/scripts/recordings/read-manifest";
import { agentNames, callDetails, transferredCall } from "./example-calls";

type FixtureCall = {
  file: string;
  contentType: string;
  unit: string;
  queue: string;
  agent: string;
  direction: "inbound" | "outbound";
  customerNumber: string;
  daysAgo: number;
  time: string;
  sourceCallId: string;
};

const folder = path.join("tests", "fixtures", "audio");
const source = "pabx-exemplo";
/** Older calls than this may be deleted at once, as after an import of an archive. */
const oldDays = 180;
const waveformsWithinMs = 120_000;

/** Uploads the synthesised calls as a phone system would, and waits for their waveforms. */
export async function seedRecordings(client: PortalClient, admin: OperationContext): Promise<void> {
  const calls = JSON.parse(readFileSync(path.join(folder, "manifest.json"), "utf8")) as FixtureCall[];
  const made = mkdtempSync(path.join(tmpdir(), "custodia-example-"));
  const report = await importRecordings(client, entries(calls, made), { concurrency: 2 }).finally(() =>
    rmSync(made, { recursive: true }),
  );
  console.log(`${report.stored} recordings stored, ${report.alreadyStored} already stored.`);
  if (report.failed > 0)
    throw new Error(report.failures.map((failure) => `entry ${failure.line}: ${failure.problem}`).join("\n"));
  if (report.stored > 0) await waveforms(admin);
}

async function* entries(calls: FixtureCall[], made: string): AsyncGenerator<ManifestEntry> {
  for (const [index, { file, daysAgo, time, ...call }] of calls.entries()) {
    const { contentType, unit, queue, agent, direction, customerNumber, sourceCallId } = call;
    const details = { agentName: agentNames[agent], ...callDetails[sourceCallId] };
    const acceptDue = daysAgo > oldDays && !details.doubtfulDate;
    const startedAt = timeDaysAgo(daysAgo, time).toISOString();
    const usual = { source, sourceCallId, unit, queue, agent, direction, startedAt, customerNumber, contentType };
    yield { line: index + 1, file: path.join(folder, file), metadata: { ...usual, acceptDue, ...details } };
  }
  for (const [index, entry] of transferredCall(timeDaysAgo(1, "16:20"), folder, made).entries())
    yield { line: calls.length + index + 1, ...entry };
}

async function waveforms(admin: OperationContext): Promise<void> {
  const deadline = Date.now() + waveformsWithinMs;
  while (Date.now() < deadline) {
    const { rows } = await listRecordings(admin, { state: "stored", limit: 200 });
    if (rows.every((row) => row.durationMs !== null)) return;
    await wait(500);
  }
  console.log("Some waveforms are still being computed; they appear automatically.");
}
