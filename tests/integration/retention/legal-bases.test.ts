import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { legalBases, type LegalBasis } from "@/lib/retention/policies/legal-bases";
import { listRetentionPolicies } from "@/lib/retention/policies/list-retention-policies";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { updateRetentionPolicy } from "@/lib/retention/policies/update-retention-policy";
import { expectRefusal } from "../../support/actors";
import { everything, policyTerms } from "../../support/policies";
import { admin, daysAgo, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

const texts = { reason: "Teste", acknowledgedDue: 10_000 };
const refused = { "terms.legalBasis": "sensitive_content" };
const ordinary = legalBases.filter((basis) => basis.startsWith("art7_"));
const forSensitive = legalBases.filter((basis) => basis.startsWith("art11_"));

type Place = Awaited<ReturnType<typeof unitWithQueue>>;
let sensitive: Place;
let other: Place;
let policyId: string;
let otherPolicyId: string;
let recordingId: string;

/** Both policies were given a basis of Art. 7 before a sensitive call came. */
beforeAll(async () => {
  await policy(90);
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
