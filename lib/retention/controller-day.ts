import { env } from "@/lib/core/env";
import { localDay } from "@/lib/retention/retain-until";

/** The calendar day at `now` in the controller's zone: "2026-11-24". */
export function controllerDay(now = new Date()): string {
  return new Date(localDay(now, env().CONTROLLER_TIME_ZONE)).toISOString().slice(0, 10);
}
