import { auditEvent } from "@/lib/operation/audit-event";
import type { OperationContext } from "@/lib/operation/operation";
import { newId } from "@/lib/core/new-id";

/** The context of a supervisor who is in no table: a new one each time. */
export const context = (): OperationContext => ({
  actor: { type: "user", userId: newId(), role: "supervisor", unitIds: [], sessionId: newId(), hasFreshProof: true },
  requestId: newId(),
  ipAddress: "192.0.2.7",
});

/** An event as each playback writes it. */
export const event = () =>
  auditEvent("recording.play_granted", {
    target: { type: "recording", id: newId(), unitId: newId() },
    details: { grantId: newId(), purpose: "quality_supervision", delivery: "gateway" },
  });
