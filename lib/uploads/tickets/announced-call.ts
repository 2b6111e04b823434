import { contentId, unknownContentId } from "@/lib/db/recording-ids";
import { numberColumns } from "@/lib/recordings/customer-number";
import { handlingColumns } from "@/lib/recordings/handling/call-handling";
import type { Dialling } from "@/lib/core/numbers/dialled-digits";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { storedIds } from "@/lib/recordings/numbers/source-ids";
import { referenceColumns } from "@/lib/recordings/references/call-references";
import type { CallParties } from "@/lib/uploads/tickets/call-parties";
import type { PreparedRequest } from "@/lib/uploads/tickets/prepared-request";
import type { UploadRequest } from "@/lib/uploads/upload-request";

type CallColumns = ReturnType<typeof describeCall> & Omit<CallParties, "dialling">;

/** An announced recording. `given`: with the ids of its sender, which may hold numbers; only `columns` are stored. */
export type Announced = { request: PreparedRequest; given: CallColumns; columns: CallColumns };

/** What a request says of its recording, and who took part in the call, as columns of the recording. */
export function announcedBy(request: PreparedRequest, { dialling, ...ids }: CallParties): Announced {
  const given = { ...describeCall(request.input, request.contentType, dialling), ...ids };
  return { request, given, columns: storedIds(given) };
}

function describeCall(input: UploadRequest, contentType: string, dialling: Dialling) {
  const { source, sourceCallId, direction, startedAt } = input;
  const sha256 = input.sha256 ? Buffer.from(input.sha256, "hex") : null;
  return {
    source,
    sourceCallId,
    sourceRecordingId: input.sourceRecordingId ?? (sha256 ? contentId(sha256) : unknownContentId),
    direction,
    callKind: input.callKind ?? null,
    startedAt,
    dateDoubt: input.doubtfulDate ? ("sender" as const) : null,
    acceptsDue: input.acceptDue ?? false,
    contentType,
    sizeBytes: input.sizeBytes ?? null,
    sha256,
    ...referenceColumns(input),
    ...handlingColumns(input),
    quarantine: input.possibleCardData ? ("quarantined" as const) : null,
    ...numberColumns(readNumber(input.customerNumber ?? "", { ...dialling, direction })),
  };
}
