import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { countAttempt, recordFailure, type ThrottleKey } from "@/lib/access/sign-in/sign-in-throttle";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestIdentifiers, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import type { ProcessState } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { refuse, refuseUnrecorded, type OperationContext } from "@/lib/operation/operation";
import { collectableAnswers } from "@/lib/subject-requests/answer/collection";
import { offeredCodeChannels } from "@/lib/subject-requests/offered-channels";
import { ownMandates } from "@/lib/subject-requests/mandates/own-mandates";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";
import { readProtocolNumber } from "@/lib/subject-requests/protocol-number";
import { codeAddresses, maskedAddress, type CodeAddress } from "@/lib/subject-requests/public-page/code-addresses";
import { followUpDigest, readFollowUpCode } from "@/lib/subject-requests/public-page/form-secrets";
import { clientNetwork } from "@/lib/subject-requests/public-page/public-limits";
import { provedAddresses } from "@/lib/subject-requests/public-page/sent-codes";

/** As typed: what is neither is said beside its field, which reveals nothing. */
const read = (parse: (text: string) => string | null, reason: string) =>
  z
    .string()
    .max(64)
    .transform((text, problems) => {
      const value = parse(text);
      if (value !== null) return value;
      problems.addIssue({ code: "custom", message: reason });
      return z.NEVER;
    });

/** By what a person reaches an own request. */
export const ownRequestFields = {
  protocol: read(readProtocolNumber, "not_a_protocol"),
  followUpCode: read(readFollowUpCode, "not_a_code"),
};

type Access = { protocol: string; followUpCode: string };

/** A company or a mobile operator may share an address: it waits after this many times the failures of an account. */
const addressAllowance = 10;

/**
 * The failures of a network, slowed as at the sign-in. A protocol has none: its code has 60 bits, and a count would let
 * anyone lock its owner out.
 */
const throttleKeys = (ipAddress: string | null): ThrottleKey[] => {
  const network = clientNetwork(ipAddress);
  if (network === null) return [];
  return [{ digest: blindIndex("subject_request_address", network), allowance: addressAllowance }];
};

/**
 * The request of a protocol and its code, locked until `tx` ends. The refusal is the same for a protocol without a
 * request, for one that was registered by hand, and for a wrong code.
 */
export async function findOwnRequest(tx: Transaction, access: Access, { ipAddress }: OperationContext) {
  const keys = throttleKeys(ipAddress);
  const retryAfterSeconds = await countAttempt(tx, keys);
  if (retryAfterSeconds > 0) {
    const refusal = new AppError("too_many_requests", "too many wrong codes", { retryAfterSeconds });
    return { refused: refuseUnrecorded(refusal) };
  }
  const { protocol, followUpDigest: digest } = subjectRequests;
  const isOwn = and(eq(protocol, access.protocol), eq(digest, followUpDigest(access.followUpCode)));
  const [request] = await tx.select().from(subjectRequests).where(isOwn).for("update");
  if (request) return { request };
  await recordFailure(tx, keys);
  const refusal = new AppError("invalid_input", "no such protocol and code", {
    fields: [{ path: "followUpCode", reason: "no_such_request" }],
  });
  if (!takeDenialQuota("follow-up code")) return { refused: refuseUnrecorded(refusal) };
  return { refused: refuse(refusal, auditEvent("subject_request.follow_up_refused", { outcome: "failure" })) };
}

/** What the public page says of a right. Nothing of what was found, or of how it was decided. */
export type PublicState = "received" | "verifying" | "working" | "waiting" | "answered" | "withdrawn" | "unverified";

const publicStates: Record<ProcessState, PublicState> = {
  received: "received",
  reopened: "received",
  verifying_identity: "verifying",
  awaiting_subject: "waiting",
  triage: "working",
  finding: "working",
  analysing: "working",
  awaiting_approval: "working",
  executing: "working",
  forwarded: "working",
  unverified: "unverified",
  answered: "answered",
  closed: "answered",
  withdrawn: "withdrawn",
};

export type OwnRequest = Awaited<ReturnType<typeof presentOwnRequest>>;

/** What its owner sees of a request. No name, no words, nothing of custody. */
export async function presentOwnRequest(tx: Transaction, request: LockedRequest) {
  const { requestId, right, state, dueUntil, id } = subjectRequestRights;
  const rights = await tx
    .select({ right, state, dueUntil })
    .from(subjectRequestRights)
    .where(eq(requestId, request.id))
    .orderBy(asc(dueUntil), asc(id));
  const answers = await collectableAnswers(tx, request.id);
  const [addresses, proved] = [await addressesOf(tx, request), await provedAddresses(tx, request.id)];
  return {
    protocol: request.protocol,
    receivedAt: request.receivedAt,
    timeZone: request.timeZone,
    isProved: proved.size > 0,
    /** It waits for the proof of a line. A request that the desk registered does not. */
    isUnproven: request.isUnproven,
    answerChannel: request.answerChannel,
    /** What can be collected with a fresh code, by the last day of it. */
    answers: answers.map(({ number, issuedAt, collectUntil }) => ({ number, issuedAt, collectUntil })),
    rights: rights.map((row) => ({ ...row, state: publicStates[row.state] })),
    /** The documents of who asks for another person; null if the request takes none. */
    mandates: await ownMandates(tx, request),
    addresses: addresses.map(({ target, address, channels }) => ({
      ...{ target, channels, shown: maskedAddress(address) },
      isProved: proved.has(target),
    })),
  };
}

/** The lines and addresses that the person named, and that a code of this installation can reach. */
export async function addressesOf(tx: Transaction, request: LockedRequest): Promise<CodeAddress[]> {
  const { id, kind, requestId, valueEncrypted } = subjectRequestIdentifiers;
  const numbers = await tx
    .select({ id, valueEncrypted })
    .from(subjectRequestIdentifiers)
    .where(and(eq(requestId, request.id), eq(kind, "number")))
    .orderBy(asc(id));
  const readable = numbers.flatMap((row) =>
    row.valueEncrypted ? [{ id: row.id, number: decryptField("subject_request.identifier", row.valueEncrypted) }] : [],
  );
  const { answerChannel: channel, answerAddressEncrypted: answer } = request;
  const address = answer && decryptField("subject_request.answer_address", answer);
  const offered = offeredCodeChannels();
  return codeAddresses(readable, { channel, address })
    .map((found) => ({ ...found, channels: found.channels.filter((way) => offered.includes(way)) }))
    .filter(({ channels }) => channels.length > 0);
}
