import { decryptField, type FieldName } from "@/lib/core/crypto/field-encryption";
import type { subjectRequests } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { isAllowed } from "@/lib/operation/permissions";

type Row = Pick<
  typeof subjectRequests.$inferSelect,
  | "subjectNameEncrypted"
  | "requesterNameEncrypted"
  | "authorityReferenceEncrypted"
  | "wordsEncrypted"
  | "answerAddressEncrypted"
>;

/** Whether an actor sees who asks, and in which words. */
export const seesPerson = (actor: Actor) => isAllowed(actor, "subject-request:read-person");

/** The personal data of a request. Null: not given, emptied, or not for this reader. */
export function personOf(row: Row, actor: Actor) {
  const mayRead = seesPerson(actor);
  const read = (field: FieldName, value: Buffer | null) => (value && mayRead ? decryptField(field, value) : null);
  return {
    subjectName: read("subject_request.subject_name", row.subjectNameEncrypted),
    requesterName: read("subject_request.requester_name", row.requesterNameEncrypted),
    authorityReference: read("subject_request.authority_reference", row.authorityReferenceEncrypted),
    words: read("subject_request.words", row.wordsEncrypted),
    answerAddress: read("subject_request.answer_address", row.answerAddressEncrypted),
  };
}
