import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { signedInAs } from "../../support/people";
import { askGrant } from "../../support/playbacks";

beforeAll(() => {
  process.env.TRUSTED_PROXY_COUNT = "1";
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["1.2.3.4, 203.0.113.9", "203.0.113.9"],
  ["2001:db8::7", "2001:db8::7"],
  ["'; drop table users", null],
  ["", null],
])("with one trusted proxy the address is the last hop of %j: %s", async (forwarded, address) => {
  const auditor = await signedInAs("auditor");
  await askGrant({ ...auditor.headers, "x-forwarded-for": forwarded }, newId());
  const [denied] = await database().select().from(auditEvents).where(eq(auditEvents.actorId, auditor.userId));
  expect(denied).toMatchObject({ action: "access.denied", ipAddress: address });
});
