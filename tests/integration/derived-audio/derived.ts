import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { and, eq, ne, sql } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { derivedRecordings, subjectRequestMatches } from "@/lib/db/schema";
import type { OperationContext } from "@/lib/operation/operation";
import { prepareSubjectAudio } from "@/lib/subject-requests/derived-audio/prepare-subject-audio";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { letter } from "../../support/subject-requests";
import { recordingRow } from "../../support/uploads";

/** A request for which a recording was found and counted as the person's, or as another decision says. */
export async function requestFor(
  context: OperationContext,
  recordingId: string,
  decision: "included" | "excluded" = "included",
): Promise<string> {
  const { requestId } = await registerRequest(context, letter({ requestId: newId() }));
  const { startedAt } = await recordingRow(recordingId);
  const decidedById = context.actor.type === "user" ? context.actor.userId : null;
  await database()
    .insert(subjectRequestMatches)
    .values({
      ...{ requestId, recordingId, startedAt, reasons: ["number_exact"], identifierIds: [] },
      ...{ decision, decidedById, decidedAt: new Date() },
    });
  return requestId;
}

export const ownChannel = { form: "subject_channel", subjectChannel: 0, silences: [] } as const;

/** Orders audio of a recording under a request of its own. */
export async function ordered(context: OperationContext, recordingId: string, form: object = ownChannel) {
  const requestId = await requestFor(context, recordingId);
  const input = { requestId, recordingId, ...form } as Parameters<typeof prepareSubjectAudio>[1];
  const { derivedId } = await prepareSubjectAudio(context, input);
  return { requestId, derivedId };
}

export async function derivedRow(derivedId: string) {
  const [row] = await database().select().from(derivedRecordings).where(eq(derivedRecordings.id, derivedId));
  return row!;
}

/** As if the time in which an earlier process may still write had passed. */
export const writersTimePasses = () =>
  database()
    .update(derivedRecordings)
    .set({ storingUntil: sql`${derivedRecordings.storingUntil} - interval '1 hour'` });

/** As if the last day of these files were long ago. */
export const daysPass = (...ids: string[]) =>
  database()
    .update(derivedRecordings)
    .set({ keepUntil: "2026-01-01" })
    .where(and(ne(derivedRecordings.state, "deleted"), sql`${derivedRecordings.id} = any(${sql.param(ids)}::uuid[])`));

const run = promisify(execFile);

/** What ffprobe and ffmpeg say of a file: its form, and the loudest sample of each channel (0 to 1). */
export async function measured(bytes: Buffer) {
  const folder = mkdtempSync(path.join(tmpdir(), "custodia-test-"));
  try {
    const file = path.join(folder, "sound");
    writeFileSync(file, bytes);
    const entries = "stream=codec_name,channels,sample_rate:format=duration,format_name";
    const probed = await run("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", file]);
    const { streams, format } = JSON.parse(probed.stdout) as {
      streams: { codec_name: string; channels: number; sample_rate: string }[];
      format: { duration: string; format_name: string };
    };
    return {
      ...streams[0]!,
      ...format,
      durationMs: Math.round(Number(format.duration) * 1000),
      peaks: await peaksOf(file),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The loudest sample of each channel, or of a part of the file. */
export async function peaksOf(file: string, part: readonly string[] = []): Promise<number[]> {
  const filter = "astats=metadata=0:measure_overall=none:measure_perchannel=Peak_level";
  const { stderr } = await run("ffmpeg", ["-nostdin", "-i", file, ...part, "-af", filter, "-f", "null", "-"]);
  return [...stderr.matchAll(/Peak level dB: (\S+)/g)].map(([, level]) =>
    level === "-inf" ? 0 : 10 ** (Number(level) / 20),
  );
}
