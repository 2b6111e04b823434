import { createHash, randomInt } from "node:crypto";
import { createChallenge, verifySolution, type Challenge, type Payload } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestWorkProofs } from "@/lib/db/schema";

export type { Challenge as WorkChallenge } from "altcha-lib";

/**
 * Work of a browser: `cost` rounds of PBKDF2 for each number up to one between the two. About 0.2 to 0.4 s on a
 * desktop, and a few seconds on a slow phone, while the person fills the form.
 */
export const work = { cost: 1000, least: 500, most: 1500 };

/** A person may take hours over a form: an older solution is none. */
const hours = 6;

const longestSolution = 4000;

const secrets = () => ({
  hmacSignatureSecret: blindIndex("subject_request_challenge", "signature").toString("hex"),
  hmacKeySignatureSecret: blindIndex("subject_request_challenge", "key signature").toString("hex"),
});

/** A challenge for one form. It says nothing of the person, and nothing is stored. */
export const workChallenge = (): Promise<Challenge> =>
  createChallenge({
    algorithm: "PBKDF2/SHA-256",
    cost: work.cost,
    counter: randomInt(work.least, work.most + 1),
    expiresAt: new Date(Date.now() + hours * 3_600_000),
    deriveKey,
    ...secrets(),
  });

export type WorkProof = { challengeDigest: Buffer; expiresAt: Date };

/**
 * Checks the solution that a browser sent: base64 of the challenge and its answer. Null for none, a wrong one, or one
 * of a challenge that is not ours or is over. Never throws.
 */
export async function checkWorkProof(solution: string): Promise<WorkProof | null> {
  try {
    const payload = readPayload(solution);
    if (payload === null) return null;
    const { verified } = await verifySolution({ ...payload, deriveKey, ...secrets() });
    const { signature, parameters } = payload.challenge;
    if (!verified || !signature || !parameters.expiresAt) return null;
    const challengeDigest = createHash("sha256").update(signature).digest();
    return { challengeDigest, expiresAt: new Date(parameters.expiresAt * 1000) };
  } catch {
    // altcha-lib throws for parameters of another form.
    return null;
  }
}

function readPayload(solution: string): Payload | null {
  if (solution === "" || solution.length > longestSolution) return null;
  const payload = JSON.parse(Buffer.from(solution, "base64").toString("utf8")) as Partial<Payload> | null;
  // Only our own parameters are worked through: others would let a stranger choose how long the portal calculates.
  const { algorithm, cost, keySignature } = payload?.challenge?.parameters ?? {};
  if (algorithm !== "PBKDF2/SHA-256" || cost !== work.cost || typeof keySignature !== "string") return null;
  return payload as Payload;
}

/** Spends a proof. False if it served another request. */
export async function spendWorkProof(tx: Transaction, proof: WorkProof): Promise<boolean> {
  const { challengeDigest } = subjectRequestWorkProofs;
  const used = await tx
    .insert(subjectRequestWorkProofs)
    .values(proof)
    .onConflictDoNothing()
    .returning({ challengeDigest });
  return used.length === 1;
}
