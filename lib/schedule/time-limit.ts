import { z } from "zod";
import { AppError } from "@/lib/core/errors";

const limitInput = z.coerce.number().min(1).max(3600);

/**
 * The time limit of a cron call in ms: `limitSeconds` (1 to 3600), by default 50 seconds.
 * @throws AppError `invalid_input`
 */
export function timeLimitMs(limitSeconds: string | null): number {
  const limit = limitInput.safeParse(limitSeconds ?? 50);
  if (limit.success) return limit.data * 1000;
  throw new AppError("invalid_input", "limitSeconds", {
    fields: [{ path: "limitSeconds", reason: "between_1_and_3600" }],
  });
}
