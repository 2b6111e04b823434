import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { apiKeys } from "@/lib/db/schema";
import { endOfDay } from "@/lib/core/time";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { generateApiKey } from "@/lib/access/service-accounts/api-key";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";

const input = z.object({
  serviceAccountId: z.uuid(),
  /** Last day on which the key works, in the controller's time zone; without it the key does not expire. */
  expiresOn: z.iso
    .date()
    .refine((text) => text < "9999")
    .or(z.literal(""))
    .optional(),
});

/**
 * Creates an API key for a service account. The result holds the key, once: only its SHA-256 is stored.
 * @throws AppError `not_found`, `conflict` (the account is not active)
 */
export const createApiKey = command({
  permission: "service-account:write",
  freshProof: true,
  input,
  audits: ["api_key.created"],
  run: async ({ tx, input: { serviceAccountId, expiresOn } }) => {
    const expiresAt = expiresOn ? futureEndOf(expiresOn) : null;
    const { active } = await lockServiceAccount(tx, serviceAccountId);
    if (!active) throw new AppError("conflict", "service account is not active");
    const id = newId();
    const { text, prefix, hash } = generateApiKey();
    await tx.insert(apiKeys).values({ id, serviceAccountId, prefix, keyHash: hash, expiresAt });
    const details = { serviceAccountId, expiresAt: expiresAt?.toISOString() ?? null };
    return {
      result: { apiKeyId: id, apiKey: text },
      audits: [auditEvent("api_key.created", { target: { type: "api_key", id }, details })],
    };
  },
});

function futureEndOf(day: string): Date {
  const end = endOfDay(day);
  if (end.getTime() > Date.now()) return end;
  throw new AppError("invalid_input", "expiry in the past", {
    fields: [{ path: "expiresOn", reason: "must_be_future" }],
  });
}
