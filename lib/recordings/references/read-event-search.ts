import { singleLine } from "@/lib/core/text-input";
import { isIP } from "node:net";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, subjectRequests } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { referenceDigest } from "@/lib/recordings/references/call-references";

/** A filter of the audit log and its value, which may appear in a URL. */
type EventSearch = { filter: "ipAddress" | "protocol" | "requestId" | "targetId"; value: string };

const anyId = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/**
 * Converts what somebody typed to a filter of the audit log: an IP address, the id of a request or of an object (also
 * within the address of its page), or the protocol of a titular's request or of a call.
 * @throws AppError `invalid_input` if it can be none of them.
 */
export const readEventSearch = query({
  permission: "audit-event:list",
  input: z.object({ text: singleLine(300) }),
  run: async ({ db, input: { text } }): Promise<EventSearch> => {
    if (isIP(text))
      return { filter: "ipAddress", value: encryptField("audit_search.ip_address", text).toString("base64url") };
    const [id] = anyId.exec(text.toLowerCase()) ?? [];
    if (id) return { filter: (await isRequest(db, id)) ? "requestId" : "targetId", value: id };
    const [request] = await db
      .select({ id: subjectRequests.id })
      .from(subjectRequests)
      .where(eq(subjectRequests.protocol, text));
    if (request) return { filter: "targetId", value: request.id };
    const digest = referenceDigest("protocol", text);
    if (digest) return { filter: "protocol", value: digest.toString("base64url") };
    throw new AppError("invalid_input", "finds nothing", { fields: [{ path: "text", reason: "not_found" }] });
  },
});

async function isRequest(db: ReadDatabase, id: string): Promise<boolean> {
  const [event] = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(eq(auditEvents.requestId, id))
    .limit(1);
  return event !== undefined;
}
