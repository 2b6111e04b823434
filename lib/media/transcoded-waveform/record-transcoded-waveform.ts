import { eq } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import type { WaveformResult } from "@/lib/media/compute-waveform";
import { isUndecoded } from "@/lib/media/transcoded-waveform/read-undecoded";
import { writeWaveform } from "@/lib/media/waveform-rows";
import { command } from "@/lib/operation/operation";

/** Records what a transcoder measured of a recording, once. A duration that its container states stays. */
export const recordTranscodedWaveform = command({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid(), waveform: z.custom<WaveformResult>() }),
  audits: ["recording.waveform_computed"],
  run: async ({ tx, input: { recordingId: id, waveform: measured } }) => {
    const { unitId, durationMs } = recordings;
    const [recording] = await tx.select({ unitId, durationMs }).from(recordings).where(eq(recordings.id, id));
    if (!recording) return { result: null, unchanged: true };
    const waveform = { ...measured, durationMs: recording.durationMs ?? measured.durationMs } as WaveformResult;
    const event = await writeWaveform(tx, { id, unitId: recording.unitId, waveform }, isUndecoded);
    return event ? { result: null, audits: [event] } : { result: null, unchanged: true };
  },
});
