import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { messages, subjectRequestCodes, subjectRequestLimits, subjectRequests } from "@/lib/db/schema";
import type { OperationContext } from "@/lib/operation/operation";
import { submitRequest, type PublicFormInput } from "@/lib/subject-requests/public-page/submit-request";
import { workChallenge } from "@/lib/subject-requests/public-page/work-proof";

/** Nobody in particular, from an address of documentation (RFC 5737), each time another one. */
export const anybody = (ipAddress: string | null = null): OperationContext => ({
  actor: { type: "anonymous" },
  requestId: newId(),
  ipAddress,
});

let lastAddress = 0;
/** Another network each time. */
export const anotherAddress = () => `2001:db8:${(lastAddress += 1).toString(16)}::1`;

/** What a person fills in on the public page, without a proof of work. */
export const publicForm = (input: Partial<PublicFormInput> = {}): PublicFormInput => ({
  formKey: randomBytes(16).toString("hex"),
  rights: ["confirmation", "full_declaration"],
  requester: "data_subject",
  subjectName: "Maria Aparecida de Souza",
  numbers: "(11) 98765-4321",
  answerChannel: "email",
  answerForm: "electronic",
  answerAddress: "maria@example.com",
  answerLocale: "pt-BR",
  ...input,
});

/** What a browser sends as a proof of work. */
export async function solution(): Promise<string> {
  const challenge = await workChallenge();
  const found = await solveChallenge({ challenge, deriveKey });
  return Buffer.from(JSON.stringify({ challenge, solution: found })).toString("base64");
}

/** Sends this very form. */
export const submitRequestOf = (form: PublicFormInput) => submitRequest(anybody(), form);

export const submit = (input: Partial<PublicFormInput> = {}, ipAddress: string | null = null) =>
  submitRequest(anybody(ipAddress), publicForm(input));

export type Receipt = Awaited<ReturnType<typeof submit>>;

export async function requestOf({ protocol }: Pick<Receipt, "protocol">) {
  const [request] = await database().select().from(subjectRequests).where(eq(subjectRequests.protocol, protocol));
  return request!;
}

/** What the last message about a request says, as its template gets it. */
export async function lastMessageOf(requestId: string) {
  const rows = await database()
    .select()
    .from(messages)
    .where(eq(messages.referenceId, requestId))
    .orderBy(messages.createdAt, messages.id);
  const last = rows.at(-1);
  if (!last) return null;
  const data = JSON.parse(decryptField("message.data", last.dataEncrypted!)) as Record<string, string>;
  return { ...last, recipient: decryptField("message.recipient", last.recipientEncrypted!), data };
}

/** Lets so much time pass for the codes of all requests. */
export const timePassesForCodes = (interval: string) =>
  database()
    .update(subjectRequestCodes)
    .set({
      createdAt: sql`${subjectRequestCodes.createdAt} - ${interval}::interval`,
      expiresAt: sql`${subjectRequestCodes.expiresAt} - ${interval}::interval`,
    });

/** Forgets what earlier tests took of the limits. */
export const clearLimits = () => database().delete(subjectRequestLimits);
