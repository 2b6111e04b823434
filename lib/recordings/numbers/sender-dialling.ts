import { and, eq, sql } from "drizzle-orm";
import { recordings, serviceAccounts, units } from "@/lib/db/schema";

/** How the phone system of a recording dials: as its account says (which must be joined), or else its unit. */
export const diallingColumns = {
  areaCode: sql<string | null>`coalesce(${serviceAccounts.areaCode}, ${units.areaCode})`,
  outsidePrefix: sql<string | null>`coalesce(${serviceAccounts.outsidePrefix}, ${units.outsidePrefix})`,
};

/** Joins the service account that sent a recording. A user's upload has none. */
export const isSender = and(eq(recordings.uploadedByType, "service"), eq(serviceAccounts.id, recordings.uploadedById));
