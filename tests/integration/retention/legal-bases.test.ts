import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { approvals, recordings } from "@/lib/db/schema";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { deactivateRetentionPolicy } from "@/lib/retention/policies/deactivate-retention-policy";
import { decideMinimumReduction } from "@/lib/retention/policies/decide-minimum-reduction";
import { legalBases, type LegalBasis } from "@/lib/retention/policies/legal-bases";
import { listRetentionPolicies } from "@/lib/retention/policies/list-retention-policies";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { updateRetentionPolicy } from "@/lib/retention/policies/update-retention-policy";
import { contextOf, expectRefusal, person } from "../../support/actors";
import { everything, policyTerms } from "../../support/policies";
import { inDays } from "../../support/policy-changes";
import { admin, daysAgo, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

const texts = { reason: "Teste", acknowledgedDue: 10_000 };
const refused = { "terms.legalBasis": "sensitive_content" };
const ordinary = legalBases.filter((basis) => basis.startsWith("art7_"));
const forSensitive = legalBases.filter((basis) => basis.startsWith("art11_"));

type Place = Awaited<ReturnType<typeof unitWithQueue>>;
let sensitive: Place;
let other: Place;
let defaultId: string;
let policyId: string;
let otherPolicyId: string;
let recordingId: string;

/** Both policies were given a basis of Art. 7 before a sensitive call came. */
beforeAll(async () => {
  defaultId = await policy(90);
  [sensitive, other] = [await unitWithQueue(), await unitWithQueue()];
  policyId = await policy(100, { unitId: sensitive.unitId }, "Sensível");
  otherPolicyId = await policy(100, { unitId: other.unitId }, "Outra");
  await storedRecording({ ...other, startedAt: daysAgo(1) });
  recordingId = await sensitiveRecording(sensitive);
});

async function sensitiveRecording(place: Place): Promise<string> {
  const { id } = await storedRecording({ ...place, startedAt: daysAgo(1) });
  await database().update(recordings).set({ sensitiveContent: "yes" }).where(eq(recordings.id, id));
  return id;
}

const termsOf = (place: Place, legalBasis: LegalBasis) => ({
  ...policyTerms(100, { name: `Base ${legalBasis}`, match: { unitId: place.unitId } }),
  legalBasis,
});

async function standing(id: string) {
  const found = (await listRetentionPolicies(admin(), {})).find((one) => one.id === id)!;
  return { version: found.version, basis: found.legalBasis, sensitive: found.hasSensitiveContent };
}

const change = async (id: string, place: Place, basis: LegalBasis) => ({
  ...{ policyId: id, version: (await standing(id)).version, terms: termsOf(place, basis), ...texts },
});

/** A policy of a unit with a basis of Art. 7, and then a sensitive recording there. */
async function oldPolicy() {
  const place = await unitWithQueue();
  const terms = policyTerms(100, { name: "Antiga", match: { unitId: place.unitId } });
  const made = await createRetentionPolicy(admin(), { terms, ...texts });
  return { place, terms, policyId: made.policyId, recordingId: await sensitiveRecording(place) };
}

describe("a policy over sensitive content", () => {
  test("that stands with a basis of Art. 7 is kept and listed, and no other is", async () => {
    expect(await standing(policyId)).toEqual({ version: 1, basis: "art7_ii", sensitive: true });
    expect(await standing(otherPolicyId)).toMatchObject({ sensitive: false });
    expect(await row(recordingId)).toMatchObject({ retentionPolicyId: policyId, state: "stored" });
  });

  test.each(ordinary)("is refused with %s when it is previewed, changed or made", async (basis) => {
    const input = await change(policyId, sensitive, basis);
    const { terms } = input;
    const preview = previewRetentionPolicyChange(admin(), { change: "update", ...input });
    await expectRefusal(preview, "legal_basis_refused", refused);
    await expectRefusal(updateRetentionPolicy(admin(), input), "legal_basis_refused", refused);
    await expectRefusal(createRetentionPolicy(admin(), { terms, ...texts }), "legal_basis_refused", refused);
    const ofAll = { ...terms, match: everything };
    await expectRefusal(createRetentionPolicy(admin(), { terms: ofAll, ...texts }), "legal_basis_refused", refused);
    expect(await standing(policyId)).toMatchObject({ version: 1, basis: "art7_ii" });
  });

  test("is refused when its match would take in the sensitive recording", async () => {
    const input = { ...(await change(otherPolicyId, sensitive, "art7_ix")), policyId: otherPolicyId };
    await expectRefusal(updateRetentionPolicy(admin(), input), "legal_basis_refused", refused);
  });

  test("is refused as a preset with a basis of Art. 7, and made from one of Art. 11", async () => {
    const place = await unitWithQueue();
    await sensitiveRecording(place);
    const match = { ...everything, unitId: place.unitId };
    const presets = (key: "labour" | "telehealth") => ({
      ...{ uses: [{ key, isDefault: false, match }], reviewOn: "2099-01-01", reason: "Teste" },
    });
    await expectRefusal(previewRetentionPresets(admin(), presets("labour")), "legal_basis_refused");
    const applied = (key: "labour" | "telehealth") =>
      applyRetentionPresets(admin(), { ...presets(key), acknowledgedDue: 0 });
    await expectRefusal(applied("labour"), "legal_basis_refused");
    expect(await applied("telehealth")).toEqual({ policies: 1 });
  });

  test.each(forSensitive)("is changed to %s", async (basis) => {
    const input = await change(policyId, sensitive, basis);
    await previewRetentionPolicyChange(admin(), { change: "update", ...input });
    await updateRetentionPolicy(admin(), input);
    expect(await standing(policyId)).toEqual({ version: input.version + 1, basis, sensitive: true });
  });
});

test.each(legalBases)("a policy without sensitive content may have %s", async (basis) => {
  const input = await change(otherPolicyId, other, basis);
  await updateRetentionPolicy(admin(), input);
  expect(await standing(otherPolicyId)).toEqual({ version: input.version + 1, basis, sensitive: false });
});

test("a recording that is no longer stored, or not sensitive, refuses nothing", async () => {
  const input = async (basis: LegalBasis) => change(policyId, sensitive, basis);
  await database().update(recordings).set({ sensitiveContent: "no" }).where(eq(recordings.id, recordingId));
  expect(await standing(policyId)).toMatchObject({ sensitive: false });
  await updateRetentionPolicy(admin(), await input("art7_ix"));
  await database().update(recordings).set({ sensitiveContent: "yes" }).where(eq(recordings.id, recordingId));
  await expectRefusal(updateRetentionPolicy(admin(), await input("art7_x")), "legal_basis_refused", refused);
});

describe("a policy with a basis of Art. 7", () => {
  test("may match less, so that the sensitive recording leaves it, but not while one stays", async () => {
    const { terms, ...old } = await oldPolicy();
    const input = (direction: "inbound" | "outbound") => ({
      ...{ policyId: old.policyId, version: 1, ...texts },
      terms: { ...terms, match: { ...terms.match, direction } },
    });
    const [staying, leaving] = [input("inbound"), input("outbound")];
    await expectRefusal(updateRetentionPolicy(admin(), staying), "legal_basis_refused", refused);
    await expectRefusal(
      previewRetentionPolicyChange(admin(), { change: "update", ...staying }),
      "legal_basis_refused",
      refused,
    );
    await previewRetentionPolicyChange(admin(), { change: "update", ...leaving });
    await updateRetentionPolicy(admin(), leaving);
    expect(await standing(old.policyId)).toEqual({ version: 2, basis: "art7_ii", sensitive: false });
    expect(await row(old.recordingId)).toMatchObject({ retentionPolicyId: defaultId });
  });

  test("may end; then the default policy is listed, refused another basis, and given one of Art. 11", async () => {
    const old = await oldPolicy();
    await deactivateRetentionPolicy(admin(), { policyId: old.policyId, version: 1, ...texts });
    expect(await row(old.recordingId)).toMatchObject({ retentionPolicyId: defaultId });
    expect((await standing(defaultId)).sensitive).toBe(true);
    const input = async (legalBasis: LegalBasis) => ({
      ...{ policyId: defaultId, version: (await standing(defaultId)).version, ...texts },
      terms: { ...policyTerms(90), legalBasis },
    });
    await expectRefusal(updateRetentionPolicy(admin(), await input("art7_ix")), "legal_basis_refused", refused);
    await updateRetentionPolicy(admin(), await input("art11_ii_a"));
    expect(await standing(defaultId)).toMatchObject({ basis: "art11_ii_a", sensitive: true });
  });

  test("is listed and refused although a longer policy of Art. 11 governs what it matches", async () => {
    const { place, ...old } = await oldPolicy();
    const match = { ...everything, unitId: place.unitId, queueId: place.queueId };
    const longer = { ...policyTerms(200, { name: "Longa", match }), legalBasis: "art11_ii_a" as const };
    const { policyId: longerId } = await createRetentionPolicy(admin(), { terms: longer, ...texts });
    expect(await row(old.recordingId)).toMatchObject({ retentionPolicyId: longerId });
    expect(await standing(old.policyId)).toMatchObject({ sensitive: true });
    expect(await standing(longerId)).toMatchObject({ sensitive: true });
    const input = await change(old.policyId, place, "art7_ix");
    await expectRefusal(updateRetentionPolicy(admin(), input), "legal_basis_refused", refused);
    await updateRetentionPolicy(admin(), await change(old.policyId, place, "art11_i"));
    await database().update(recordings).set({ sensitiveContent: "no" }).where(eq(recordings.id, old.recordingId));
    expect(await standing(old.policyId)).toMatchObject({ sensitive: false });
  });

  test("gets no change approved after a sensitive recording came, until it is no longer sensitive", async () => {
    const [requester, approver, place] = [await person("admin"), await person("dpo"), await unitWithQueue()];
    const terms = policyTerms(180, { name: "Com mínimo", match: { unitId: place.unitId }, minimum: inDays(90) });
    const created = await createRetentionPolicy(admin(), { terms, ...texts });
    const { approvalId } = await updateRetentionPolicy(contextOf(requester.actor), {
      ...{ policyId: created.policyId, version: 1, terms: { ...terms, minimum: inDays(30) }, ...texts },
    });
    const id = await sensitiveRecording(place);
    const decide = () =>
      decideMinimumReduction(contextOf(approver.actor), {
        approvalId: approvalId!,
        decision: "approved",
        reason: "Conferido por mim",
      });
    const stateOf = async () =>
      (await database().select().from(approvals).where(eq(approvals.id, approvalId!)))[0]!.state;
    await expectRefusal(decide(), "legal_basis_refused");
    expect([await stateOf(), await standing(created.policyId)]).toMatchObject(["pending", { version: 1 }]);
    await database().update(recordings).set({ sensitiveContent: "no" }).where(eq(recordings.id, id));
    await decide();
    expect([await stateOf(), await standing(created.policyId)]).toMatchObject(["approved", { version: 2 }]);
  });
});
