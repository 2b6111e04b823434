import { and, eq, sql, type SQL } from "drizzle-orm";
import { actorId, type Actor } from "@/lib/operation/actor";
import { recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";

/** The columns that identify the uploader. */
export function uploaderColumns(actor: Actor): { uploadedByType: "service" | "user"; uploadedById: string } {
  if (actor.type !== "service" && actor.type !== "user")
    throw new AppError("forbidden", "only service accounts and users upload");
  return { uploadedByType: actor.type, uploadedById: actorId(actor)! };
}

/**
 * Limits a statement to the actor's uploads: a phone system neither sees nor completes another's calls. Jobs see all.
 */
export function uploadedBy(actor: Actor): SQL {
  if (actor.type === "job") return sql`true`;
  const { uploadedByType, uploadedById } = uploaderColumns(actor);
  return and(eq(recordings.uploadedByType, uploadedByType), eq(recordings.uploadedById, uploadedById))!;
}
