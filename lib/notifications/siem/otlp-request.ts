import { z } from "zod";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import { ocsfEvent, type LoggedEvent } from "@/lib/notifications/siem/ocsf-event";
import type { PostRequest } from "@/lib/notifications/post-request";
import type { SealedEvent } from "@/lib/notifications/siem/sealed-events";
import type { SiemReceiver } from "@/lib/notifications/siem/siem-receiver";

/** Severity numbers of the log data model: INFO, WARN, ERROR. */
const severities = {
  success: { severityNumber: 9, severityText: "INFO" },
  denied: { severityNumber: 13, severityText: "WARN" },
  failure: { severityNumber: 17, severityText: "ERROR" },
} as const;

/**
 * A batch as an OTLP/HTTP export of logs in JSON, to `<url>/v1/logs`. OpenTelemetry's exporter reports refused records
 * as delivered (findings/otlp-exporter-hides-refused-records.sh), so only its serialiser is used, loaded with the first
 * batch. A record's body is the event's line of an export as it is. Nothing in it depends on the attempt.
 */
export async function otlpRequest(
  { url, headers }: SiemReceiver,
  events: readonly SealedEvent[],
): Promise<PostRequest> {
  const { JsonLogsSerializer } = await import("@opentelemetry/otlp-transformer");
  const { resourceFromAttributes } = await import("@opentelemetry/resources");
  const origin = {
    resource: resourceFromAttributes({ "service.name": "custodia" }),
    instrumentationScope: { name: "custodia.audit-log", version: "1" },
    droppedAttributesCount: 0,
  };
  const bytes = JsonLogsSerializer.serializeRequest(events.map((event) => ({ ...origin, ...recordOf(event) })));
  return {
    url: logsAddress(url),
    headers: { ...headers, "content-type": "application/json" },
    body: Buffer.from(bytes!).toString(),
  };
}

function logsAddress(base: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/v1/logs`;
  return url.href;
}

type Timed = Omit<ReadableLogRecord, "resource" | "instrumentationScope" | "droppedAttributesCount">;

function recordOf(event: SealedEvent): Timed {
  const { content } = JSON.parse(event.line) as LoggedEvent;
  const { id, action, outcome, ipAddress, actorId, actorRole } = content;
  return {
    hrTime: hrTime(Date.parse(content.occurredAt)),
    hrTimeObserved: hrTime(event.sealedAt.getTime()),
    ...severities[outcome],
    eventName: action,
    body: event.line,
    attributes: {
      // Records with the same one are duplicates.
      "log.record.uid": id,
      ...(actorId === null ? {} : { "user.id": actorId }),
      ...(actorRole === null ? {} : { "user.roles": [actorRole] }),
      ...(ipAddress === null ? {} : { "client.address": ipAddress }),
      "custodia.seal": event.seal,
      ocsf: ocsfEvent(event),
    },
  };
}

const hrTime = (ms: number): [number, number] => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];

/** Of protobuf's JSON: a field may be absent or null, and a 64-bit number is text. */
const answer = z.object({
  partialSuccess: z
    .object({
      rejectedLogRecords: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
      errorMessage: z.string().nullish(),
    })
    .nullish(),
});

/**
 * How many records of a batch of `events` the receiver did not take (`partialSuccess`), and what it said of it. An
 * answer that is cut or cannot be read may hide any number: all of them. An empty one says that all were taken.
 */
export function rejectedOf(
  { reply, isWhole }: { reply: string | null; isWhole: boolean },
  events: number,
): { rejected: number; message: string | null } {
  const text = reply?.trim() ?? "";
  if (text === "") return { rejected: 0, message: null };
  const read = isWhole ? answer.safeParse(jsonOf(text)) : null;
  if (!read?.success) return { rejected: events, message: `unreadable answer: ${text}` };
  const { rejectedLogRecords = 0, errorMessage } = read.data.partialSuccess ?? {};
  // JSON can hold U+0000, the database's text cannot.
  return { rejected: rejectedLogRecords, message: errorMessage?.replaceAll("\0", "") ?? null };
}

/** The value of a text, or undefined if it is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
