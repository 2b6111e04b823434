import { typeWithoutParameters } from "@/lib/core/accepted-audio-types";
import { AppError } from "@/lib/core/errors";
import { acceptedContentType } from "@/lib/core/raw-audio-type";
import { refusedFormOfType } from "@/lib/core/refused-forms";
import type { ReadDatabase } from "@/lib/db/client";
import type { Actor } from "@/lib/operation/actor";
import { configuredStore } from "@/lib/storage/configured-store";
import { findResumableParts } from "@/lib/uploads/parts/resumable-parts";
import { prepareTicket, type PreparedTicket } from "@/lib/uploads/prepared-ticket";
import { planUpload } from "@/lib/uploads/upload-plan";
import type { UploadRequest } from "@/lib/uploads/upload-request";

/** A request that was checked, with the ticket that it may get. */
export type PreparedRequest = {
  input: UploadRequest;
  contentType: string;
  resumableId: string | null;
  ticket: PreparedTicket;
};

/**
 * Checks a request and prepares its ticket, before the transaction.
 * @throws AppError `unsupported_media_type`; `too_large`; `store_unavailable`.
 */
export async function prepareRequest(db: ReadDatabase, actor: Actor, input: UploadRequest): Promise<PreparedRequest> {
  const store = configuredStore();
  const contentType = readContentType(input.contentType);
  const plan = planUpload(store, input);
  const resumableId =
    plan.kind === "multipart" ? await findResumableParts(db, store, actor, { ...input, ...plan, contentType }) : null;
  const ticket = await prepareTicket(store, plan, typeWithoutParameters(contentType));
  return { input, contentType, resumableId, ticket };
}

/** @throws AppError `unsupported_media_type`, with what is wrong with the declared type. */
function readContentType(declared: string): string {
  const accepted = acceptedContentType(declared);
  if (typeof accepted === "string") return accepted;
  const reason = accepted?.problem ?? refusedFormOfType(declared);
  const fields = reason ? [{ path: "contentType", reason }] : undefined;
  throw new AppError("unsupported_media_type", "not an accepted audio type", fields ? { fields } : {});
}
