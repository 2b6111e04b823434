import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/policies/apply-retention-presets";
import { everything } from "../../support/policies";
import { admin, daysAgo, eventsAbout, row, storedRecording, unitWithQueue } from "../../support/recordings";

const texts = { reviewOn: "2030-01-01", reason: "Implantação" };
const use = (
  key: "customer_service" | "sac_regulated" | "securities_orders",
  isDefault: boolean,
  match: Partial<typeof everything> = {},
) => ({ key, isDefault, match: { ...everything, ...match } });
const policies = () => database().select().from(retentionPolicies);

it("previews the chosen presets, creates them together, and only once", async () => {
  const { unitId } = await unitWithQueue();
  const uses = [use("sac_regulated", false, { unitId }), use("customer_service", true)];
  expect(await previewRetentionPresets(admin(), { ...texts, uses })).toMatchObject({
    policies: 2,
    recordings: 0,
    needsApproval: false,
  });
  expect(await policies()).toEqual([]);
  for (const created of [2, 0])
    expect(await applyRetentionPresets(admin(), { ...texts, uses, acknowledgedDue: 0 })).toEqual({ policies: created });
  const rows = await policies();
  expect(
    rows
      .map(({ presetKey, isDefault, minimumValue, reviewOn }) => [presetKey, isDefault, minimumValue, reviewOn])
      .sort(),
  ).toEqual([
    ["customer_service", true, null, "2030-01-01"],
    ["sac_regulated", false, 90, "2030-01-01"],
  ]);
  for (const { id } of rows)
    expect((await eventsAbout(id)).map(({ action }) => action)).toEqual(["retention_policy.created"]);

  const { id } = await storedRecording({ unitId, startedAt: daysAgo(200), callKind: "order" });
  const orders = { ...texts, uses: [use("securities_orders", false, { callKind: "order" })] };
  expect(await previewRetentionPresets(admin(), orders)).toMatchObject({
    policies: 1,
    recordings: 1,
    later: { recordings: 1 },
    minimumLater: 1,
  });
  await applyRetentionPresets(admin(), { ...orders, acknowledgedDue: 0 });
  const [policy] = await database()
    .select()
    .from(retentionPolicies)
    .where(eq(retentionPolicies.presetKey, "securities_orders"));
  expect(await row(id)).toMatchObject({ minimumPolicyId: policy!.id, retentionPolicyId: policy!.id });
});

it("refuses a second default and creates nothing", async () => {
  const before = (await policies()).length;
  const wrong = { ...texts, uses: [use("securities_orders", false), use("sac_regulated", true)], acknowledgedDue: 0 };
  await expect(applyRetentionPresets(admin(), wrong)).rejects.toMatchObject({ code: "policy_exists" });
  expect(await policies()).toHaveLength(before);
});
