import { severalLines } from "@/lib/core/text-input";
import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequestMatches } from "@/lib/db/schema";
import { audioForms, decisionMeasures, type AudioForm, type RequestRight } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import {
  custodyFacts,
  keptBy,
  keptUntil,
  suggestion,
  type CustodyFacts,
} from "@/lib/subject-requests/deciding/custody-facts";
import { endDecisions, includedOf, lockAnalysed, undecidedFor } from "@/lib/subject-requests/decision-rows";
import { isDeleting, measuresOf, refusing, type RecordingMeasure } from "@/lib/subject-requests/deciding/measures";
import { refusalCodes } from "@/lib/subject-requests/refusals";
import { recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

const mostChosen = 500;
const mostUndecided = 5_000;

const each = decisionMeasures.filter((measure): measure is RecordingMeasure => measure !== "inform");

const input = z.object({
  requestId: z.uuid(),
  /** The right. */
  processId: z.uuid(),
  /** Chosen on the page, or all that have no decision for this right yet. */
  recordings: z.union([z.array(z.uuid()).min(1).max(mostChosen), z.literal("undecided")]),
  /** `suggested`: what the page suggests for each. */
  measure: z.enum(["suggested", ...each]),
  /** Of a delivery of sound. Without it, only what is known of the call is delivered. */
  audioForm: z.enum(audioForms).optional(),
  ground: z.enum(refusalCodes).optional(),
  /** The fact that the ground rests on, or what was corrected, in words for the person. May name people. */
  fact: severalLines(2000, 10).optional(),
});

type Input = z.output<typeof input>;

/**
 * Decides recordings for one right that is being analysed. A decision takes the place of an earlier one. Nothing is
 * done yet.
 * @throws AppError `not_found`; `conflict` if the right is in another state; `invalid_input` for a measure that the
 * right does not have, or without the ground and the fact that it needs; `recording_kept` for a deletion that a legal
 * hold or the legal minimum stops now; `nothing_suggested` where only a person can decide.
 */
export const decideRecordings = command({
  permission: "subject-request:work",
  input,
  audits: ["subject_request.decided"],
  run: async ({ tx, actor, input: sent }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { requestId, processId } = sent;
    const { request, process } = await lockAnalysed(tx, sent);
    const facts = await chosenFacts(tx, sent);
    const result = { requestId, decided: facts.length };
    if (facts.length === 0) return { result, unchanged: true as const };
    const rows = facts.map((recording) => decided(process.right, recording, sent));
    const { recordingId, processId: ofProcess } = subjectRequestDecisions;
    const ids = rows.map((row) => row.recordingId);
    const replaced = or(isNull(recordingId), inArray(recordingId, ids));
    await endDecisions(tx, and(eq(ofProcess, processId), replaced)!);
    const factEncrypted = sent.fact === undefined ? null : encryptField("subject_request.decision_fact", sent.fact);
    const common = { requestId, processId, decidedById: actor.userId };
    await tx.insert(subjectRequestDecisions).values(
      rows.map((row) => ({
        id: newId(),
        ...common,
        ...row,
        factEncrypted: needsFact(row.measure, row.ground) ? factEncrypted : null,
      })),
    );
    await recordEvents(tx, actor, requestId, [{ processId, kind: "decided" }]);
    const details = { protocol: request.protocol, right: process.right, measure: sent.measure, recordings: ids.length };
    return { result, audits: [auditEvent("subject_request.decided", { target: targetOf(request), details })] };
  },
});

async function chosenFacts(tx: Transaction, { requestId, processId, recordings: chosen }: Input) {
  const { recordingId } = subjectRequestMatches;
  const which =
    chosen === "undecided"
      ? undecidedFor(requestId, processId)
      : and(includedOf(requestId), inArray(recordingId, [...chosen]));
  const rows = await tx.select({ id: recordingId }).from(subjectRequestMatches).where(which).limit(mostUndecided);
  if (chosen !== "undecided" && rows.length !== new Set(chosen).size)
    throw new AppError("not_found", "not included in this request");
  const ids = rows.map(({ id }) => id);
  return ids.length === 0 ? [] : [...(await custodyFacts(tx, ids)).values()];
}

/** One decision as its row has it. */
function decided(right: RequestRight, facts: CustodyFacts, sent: Input) {
  const suggested = sent.measure === "suggested" ? suggestion(right, facts) : null;
  if (sent.measure === "suggested" && suggested === null)
    throw new AppError("nothing_suggested", "only a person can decide it");
  const measure = suggested?.measure ?? (sent.measure as RecordingMeasure);
  const audioForm = suggested ? suggested.audioForm : (sent.audioForm ?? null);
  const ground = suggested?.ground ?? groundOf({ measure, audioForm }, facts, sent);
  checkMeasure(right, measure, audioForm);
  if (refusesSome({ measure, audioForm })) require("ground", ground !== null);
  if (needsFact(measure, ground)) require("fact", sent.fact !== undefined);
  checkCustody(measure, audioForm, facts);
  return { recordingId: facts.id, measure, audioForm, ground, keptUntil: keptUntil(measure, facts) };
}

/** What is not granted has its fact, and a correction says what was there before and after. */
const needsFact = (measure: RecordingMeasure, ground: string | null) => ground !== null || measure === "correct";

/** What is deleted later is kept by a hold or a legal minimum: its ground is no choice. */
function groundOf(decision: Delivery, facts: CustodyFacts, { ground }: Input) {
  if (decision.measure === "delete_later") return keptBy(facts);
  return refusesSome(decision) ? (ground ?? null) : null;
}

type Delivery = { measure: RecordingMeasure; audioForm: AudioForm | null };

/** Whether something is not given: what somebody silenced is refused, and has its ground (LGPD Art. 18, § 4, II). */
const refusesSome = ({ measure, audioForm }: Delivery) => refusing.includes(measure) || audioForm === "edited";

function checkMeasure(right: RequestRight, measure: RecordingMeasure, form: AudioForm | null) {
  const { each: allowed, givesAudio } = measuresOf(right);
  require("measure", allowed.includes(measure), "not_of_this_right");
  require("audioForm", form === null || (measure === "deliver" && givesAudio), "not_of_this_right");
}

/** What custody does not allow now. */
function checkCustody(measure: RecordingMeasure, form: AudioForm | null, facts: CustodyFacts) {
  const kept = keptBy(facts);
  if (isDeleting(measure) && measure !== "delete_later" && kept)
    throw new AppError("recording_kept", `${kept} keeps a recording: it can be deleted later`);
  if (measure === "delete_later") require("measure", kept !== null, "nothing_keeps_it");
  if (form === null) return;
  if (facts.state !== "stored") throw new AppError("conflict", `a recording is ${facts.state}`);
  if (facts.blockedAt !== null) throw new AppError("recording_blocked", "its processing is suspended");
  if (facts.quarantine === "quarantined") throw new AppError("recording_quarantined", "it may have card data");
}

function require(path: string, isRight: boolean, reason = "required"): void {
  if (!isRight) throw new AppError("invalid_input", `${path}: ${reason}`, { fields: [{ path, reason }] });
}
