import type { Witness } from "@/lib/core/env/attestation-settings";
import { postLimited, type LimitedAnswer } from "@/lib/core/limited-request";
import { findCosignature, type Cosignature } from "@/lib/audit/tree/cosignature";
import { parseNote } from "@/lib/audit/tree/signed-note";

/** What a witness is to cosign. `sealedAt`: the checkpoint did not exist before. */
export type Submission = { note: string; size: number; sealedAt: Date };

/**
 * Why there is no cosignature. `witness_conflict`: the witness holds a larger tree of this name, or another of the same
 * size; `witness_proof_refused`: one that is not the beginning of ours. Others are the witness' or the network's.
 */
export type Refusal = { failure: string; knownSize: number | null };

const answerBytes = 16_384;

/** The witness may know other sizes than the one that we believe it knows, and learn another meanwhile. */
const attempts = 3;

/** Clocks of witnesses and of the database may differ by so much. */
export const witnessClockToleranceMs = 10 * 60_000;

/**
 * Sends a checkpoint to a witness (C2SP tlog-witness, add-checkpoint) and checks its cosignature.
 * `old`: the size that the witness is believed to know. `proveGrowth`: the consistency proof from a size, in hex.
 */
export async function askWitness(
  witness: Witness,
  { note, size, sealedAt }: Submission,
  old: number,
  { proveGrowth, signal }: { proveGrowth: (from: number) => Promise<string[]>; signal?: AbortSignal },
): Promise<Cosignature | Refusal> {
  for (let [attempt, from] = [1, old]; ; attempt += 1) {
    const hashes = from === 0 ? [] : await proveGrowth(from);
    const lines = hashes.map((hash) => `${Buffer.from(hash, "hex").toString("base64")}\n`);
    const body = `old ${from}\n${lines.join("")}\n${note}`;
    const posted = await postLimited(`${witness.url}/add-checkpoint`, body, {
      headers: { "content-type": "text/plain; charset=utf-8" },
      answerBytes,
      signal,
    });
    if ("failure" in posted) return { failure: posted.failure, knownSize: null };
    if (!posted.answer.isWhole) return { failure: "answer_too_large", knownSize: null };
    if (posted.answer.status !== 409) return readAnswer(posted.answer, witness, note, sealedAt, from);
    const known = sizeIn(posted.answer);
    if (known === null) return { failure: "witness_answer_invalid", knownSize: null };
    // It refused the size that it names: its root of that size is another one.
    if (known > size || (known === size && from === size)) return { failure: "witness_conflict", knownSize: known };
    if (known === from || attempt === attempts) return { failure: "witness_answer_invalid", knownSize: known };
    from = known;
  }
}

function readAnswer(
  { status, body }: LimitedAnswer,
  witness: Witness,
  note: string,
  sealedAt: Date,
  from: number,
): Cosignature | Refusal {
  if (status === 422) return { failure: "witness_proof_refused", knownSize: from };
  if (status !== 200) return { failure: refusals.get(status) ?? `http_${status}`, knownSize: null };
  const cosignature = findCosignature(body.toString(), witness, parseNote(note)!.text);
  if (!cosignature) return { failure: "witness_answer_invalid", knownSize: null };
  const isTooEarly = cosignature.at.getTime() < sealedAt.getTime() - witnessClockToleranceMs;
  const isTooLate = cosignature.at.getTime() > Date.now() + witnessClockToleranceMs;
  return isTooEarly || isTooLate ? { failure: "witness_clock_wrong", knownSize: null } : cosignature;
}

const refusals = new Map([
  [403, "witness_key_refused"],
  [404, "witness_unknown_log"],
]);

/** The size in an answer 409, which the witness last cosigned; null if it is none. */
function sizeIn({ headers, body }: LimitedAnswer): number | null {
  const [contentType] = (headers.get("content-type") ?? "").split(";");
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(body.toString("latin1")) ?? [];
  return size !== undefined && contentType!.trim() === "text/x.tlog.size" ? Number(size) : null;
}
