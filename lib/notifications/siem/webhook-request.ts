import { ocsfEvent } from "@/lib/notifications/siem/ocsf-event";
import type { PostRequest } from "@/lib/notifications/post-request";
import type { SealedEvent } from "@/lib/notifications/siem/sealed-events";
import type { SiemReceiver } from "@/lib/notifications/siem/siem-receiver";
import { signedBody } from "@/lib/notifications/webhook-message";

/** The id of a batch: its first and last event. A repetition of a batch has the same one. */
export const batchId = (events: readonly SealedEvent[]): string =>
  `audit_${events[0]!.eventId}_${events.at(-1)!.eventId}`;

/**
 * A batch as one signed webhook: `{"type":"audit_log.events","timestamp":…,"data":{"events":[…]}}`. Each event has its
 * seal, its line of an export as it is, and itself in OCSF. Nothing in the body depends on the attempt.
 */
export function webhookRequest({ url, secrets, headers }: SiemReceiver, events: readonly SealedEvent[]): PostRequest {
  const items = events.map((event) => {
    const { eventId, seal, line } = event;
    return `{"id":"${eventId}","seal":${seal},"event":${line},"ocsf":${JSON.stringify(ocsfEvent(event))}}`;
  });
  const timestamp = events.at(-1)!.sealedAt.toISOString();
  const body = `{"type":"audit_log.events","timestamp":"${timestamp}","data":{"events":[${items.join(",")}]}}`;
  const signed = signedBody(batchId(events), body, secrets);
  return { url, body, headers: { ...headers, ...signed.headers } };
}
