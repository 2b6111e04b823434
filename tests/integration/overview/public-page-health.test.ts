import { eq, sql } from "drizzle-orm";
import { expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { subjectRequestLimits } from "@/lib/db/schema";
import { readPublicPageHealth } from "@/lib/overview/public-page-health";
import { readHealth } from "@/lib/overview/read-health";
import { formLimits, limitKey, type PublicLimit } from "@/lib/subject-requests/public-page/public-limits";
import { expectRefusal, person } from "../../support/actors";
import { anotherAddress, clearLimits, submit } from "../../support/public-requests";

const notice = async () => (await readPublicPageHealth((await person("dpo")).context, {})).usedLimits;

const take = (limit: PublicLimit, taken: number) =>
  database()
    .update(subjectRequestLimits)
    .set({ taken })
    .where(eq(subjectRequestLimits.keyDigest, limitKey(limit)));

it("the limit of forms of the installation is a problem from the last form until its hour is over", async () => {
  const limit = formLimits.unproved.installation;
  await submit();
  await take(limit, limit.most - 1);
  expect([await readHealth(), await notice()]).toEqual([{ status: "ok" }, []]);
  await submit();
  const degraded = { status: "degraded", problems: ["form_limit_used"] };
  expect([await readHealth(), await notice()]).toEqual([degraded, ["form_limit_used"]]);
  await expectRefusal(submit(), "too_many_requests");
  expect(await readHealth()).toEqual(degraded);
  await database()
    .update(subjectRequestLimits)
    .set({ windowEndsAt: sql`now()` });
  expect([await readHealth(), await notice()]).toEqual([{ status: "ok" }, []]);
});

it("the limit of one address is none", async () => {
  await clearLimits();
  const address = anotherAddress();
  for (let sent = 0; sent < formLimits.unproved.address.most; sent += 1) await submit({}, address);
  await expectRefusal(submit({}, address), "too_many_requests");
  expect(await readHealth()).toEqual({ status: "ok" });
});
