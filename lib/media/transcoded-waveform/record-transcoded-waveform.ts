import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import type { WaveformResult } from "@/lib/media/compute-waveform";
import { isUndecoded } from "@/lib/media/transcoded-waveform/read-undecoded";
import { agree } from "@/lib/media/transcoder/transcode";
import { writeWaveform } from "@/lib/media/waveform-rows";
import { command } from "@/lib/operation/operation";

/** Records what a transcoder measured of a recording, once. The duration that was stated stays if the sound agrees. */
export const recordTranscodedWaveform = command({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid(), waveform: z.custom<WaveformResult>() }),
  audits: ["recording.waveform_computed"],
  run: async ({ tx, input: { recordingId: id, waveform: measured } }) => {
    const { unitId, durationMs } = recordings;
    const [recording] = await tx.select({ unitId, durationMs }).from(recordings).where(eq(recordings.id, id));
    if (!recording) return { result: null, unchanged: true };
    const waveform = {
      ...measured,
      durationMs: durationOf(recording.durationMs, measured.durationMs),
    } as WaveformResult;
    const event = await writeWaveform(tx, { id, unitId: recording.unitId, waveform }, isUndecoded);
    return event ? { result: null, audits: [event] } : { result: null, unchanged: true };
  },
});

/** A container's own duration leaves out what fills the last block; far from the sound it is wrong. */
function durationOf(statedMs: number | null, decodedMs: number | null): number | null {
  if (statedMs === null || decodedMs === null) return statedMs ?? decodedMs;
  return agree(decodedMs, statedMs) ? statedMs : decodedMs;
}
