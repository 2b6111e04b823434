import { jobContext } from "@/lib/operation/job-context";
import { closeSiemRejections } from "@/lib/notifications/siem/close-siem-rejections";
import { describeFailure, readSiemStream, type SiemStreamState } from "@/lib/notifications/siem/read-siem-stream";
import { resetSiemStream } from "@/lib/notifications/siem/reset-siem-stream";

export type StreamOptions = { from?: string; closeRejections?: boolean; json?: boolean };

/** Sets or shows the place of the stream to the SIEM. Exit code 1: it has stopped, or batches were taken in part. */
export async function showSiemStream({ from, closeRejections, json }: StreamOptions): Promise<number> {
  const context = jobContext("audit-command");
  if (from !== undefined) await resetSiemStream(context, { from });
  if (closeRejections) await closeSiemRejections(context, {});
  const state = await readSiemStream(context, {});
  console.log(json ? JSON.stringify(state, null, 2) : printState(state));
  return state !== null && (state.isStopped || state.rejections.length > 0) ? 1 : 0;
}

function printState(state: SiemStreamState | null): string {
  if (!state) return "No stream: SIEM_STREAM_URL is not set here, or the portal has not begun to send.";
  const { receiver, startedAt, lastDeliveredAt, deliveredEvents, waiting, waitingSince, failure } = state;
  return [
    `Receiver: ${receiver}, since ${startedAt.toISOString()}`,
    `Delivered: ${deliveredEvents} events, the last ${lastDeliveredAt?.toISOString() ?? "never"}`,
    ...(state.lastEventId === null ? [] : [`Last event: ${state.lastEventId}`]),
    `Waiting: ${waiting.isAtLeast ? "at least " : ""}${waiting.events} sealed events` +
      (waitingSince ? `, nothing delivered since ${waitingSince.toISOString()}` : ""),
    ...(failure
      ? [`Last failure: ${failure.at.toISOString()}: ${describeFailure(failure.code)} (attempt ${failure.tries})`]
      : []),
    ...state.rejections.map(
      ({ createdAt, rejected, events, firstEventId, lastEventId, reply }) =>
        `Taken in part: ${createdAt.toISOString()}: ${rejected} of ${events} events from ${firstEventId} to ` +
        `${lastEventId} were refused${reply === null ? "" : `: ${reply.replaceAll(/\p{Cc}/gu, " ")}`}`,
    ),
  ].join("\n");
}
