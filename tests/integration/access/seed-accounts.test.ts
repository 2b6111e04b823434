import { mkdtempSync, readFileSync } from "node:fs";
import path from "node:path";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { seedAccounts } from "../../../scripts/seed/seed-accounts";
import { seedUnits } from "../../../scripts/seed/seed-units";

test("the example administrator and DPO get an authenticator app, once", { timeout: 120_000 }, async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "seed-")), "sign-ins.json");
  const { admin } = await seedAccounts(file, seedUnits);
  expect(admin.actor).toMatchObject({ role: "admin", mustEnrolSecondFactor: false, hasFreshProof: true });
  const { admin: again } = await seedAccounts(file, seedUnits);
  expect(again.actor).toMatchObject({ role: "admin", mustEnrolSecondFactor: false });
  expect(readFileSync(file, "utf8").match(/totpSecret/g)).toHaveLength(2);
});
