import { readAudioCodec } from "@/lib/core/audio-codecs";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { soundOf } from "@/lib/media/stored-object";
import { readUndecoded, type Undecoded } from "@/lib/media/transcoded-waveform/read-undecoded";
import { recordTranscodedWaveform } from "@/lib/media/transcoded-waveform/record-transcoded-waveform";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { transcodingInput } from "@/lib/media/transcoder/input-format";
import { measureConfined } from "@/lib/media/transcoder/measure-confined";
import type { Sandbox } from "@/lib/media/transcoder/sandbox-command";
import { unavailableWaveform } from "@/lib/media/waveform/waveform-result";
import { jobContext } from "@/lib/operation/job-context";
import { callStore } from "@/lib/storage/store-as-app-error";

/** Measures a recording that the portal does not decode itself. One at a time: decoding takes a whole core. */
export const transcodedWaveformJob: JobHandler<"transcoded_waveform"> = {
  maxTries: 200,
  timeLimitMs: 50 * 60_000,
  run: async ({ payload: { recordingId }, signal }) => {
    const { sandbox } = await transcodingSandbox();
    // Processes without a sandbox do not take these jobs.
    if (!sandbox) return { again: 10 * 60_000 };
    const context = jobContext("waveform");
    const recording = await readUndecoded(context, { recordingId });
    if (!recording) return;
    const waveform = await callStore(() => measure(sandbox, recording, signal));
    if (!waveform) return { again: 0 };
    await recordTranscodedWaveform(context, { recordingId, waveform });
  },
};

async function measure(sandbox: Sandbox, recording: Undecoded, signal: AbortSignal) {
  const codec = readAudioCodec(recording.codec);
  const input = codec && (await transcodingInput(recording.contentType, codec, soundOf(recording)));
  if (!input) return unavailableWaveform("decode_error");
  return measureConfined(sandbox, { ...input, channels: null, sizeBytes: recording.sizeBytes! }, signal);
}
