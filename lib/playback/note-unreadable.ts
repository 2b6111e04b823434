import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { isDenialRecorded } from "@/lib/audit/is-denial-recorded";
import { command } from "@/lib/operation";

/** Notes that a recording could not be played because what the store holds is not what was put into custody: altered, cut, replaced, or without its key. */
export const noteUnreadable = command({
  permission: "playback:open",
  input: z.object({ grantId: z.uuid(), recordingId: z.uuid(), unitId: z.uuid(), code: z.string().regex(/^[a-z_]{1,40}$/) }),
  audits: ["recording.playback_refused"],
  run: async ({ input: { grantId, recordingId, unitId, code } }) => {
    if (!isDenialRecorded(`unreadable ${grantId}`)) return { result: null, unchanged: true };
    const target = { type: "recording", id: recordingId, unitId };
    return { result: null, audits: [auditEvent("recording.playback_refused", { outcome: "failure", target, details: { grantId, code } })] };
  },
});
