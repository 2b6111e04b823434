import { sql } from "drizzle-orm";
import { z } from "zod";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { siemStream } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Begins the stream after the newest seal: what is older is sent by request only (`resetSiemStream`). With another
 * receiver it goes on where it was. Each is an event, which is then sent itself.
 */
export const startSiemStream = command({
  permission: "siem-stream:deliver",
  input: z.object({ receiver: z.string().min(1).max(300) }),
  audits: ["siem_stream.started"],
  prepare: async ({ db }) => (await db.select({ receiver: siemStream.receiver }).from(siemStream))[0],
  unchanged: ({ prepared, input: { receiver } }) => (prepared?.receiver === receiver ? { result: null } : null),
  run: async ({ tx, input: { receiver } }) => {
    const [stream] = await tx.select().from(siemStream).for("update");
    if (stream?.receiver === receiver) return { result: null, unchanged: true as const };
    const seal = stream?.seal ?? (await lastSeal(tx))?.sequence ?? 0;
    const started = await tx
      .insert(siemStream)
      .values({ receiver, seal, movedAt: transactionNow })
      .onConflictDoUpdate({ target: siemStream.name, set: { receiver }, setWhere: sql`${stream !== undefined}` })
      .returning({ receiver: siemStream.receiver });
    if (started.length === 0) return { result: null, unchanged: true as const };
    const [format = "", host = ""] = receiver.split(" ");
    return {
      result: null,
      audits: [auditEvent("siem_stream.started", { details: { format, host, afterSeal: seal } })] as const,
    };
  },
});
