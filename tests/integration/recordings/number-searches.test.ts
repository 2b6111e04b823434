import { and, asc, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import { readSearch } from "@/lib/recordings/references/read-search";
import { smallAudio } from "../../support/audio-fixtures";
import { serviceAccount, signedInAs, unit, type SignedIn } from "../../support/people";
import { askTicket, callMetadata, defaultPolicy } from "../../support/uploads";

vi.hoisted(() => {
  process.env.NUMBER_SEARCHES_PER_DAY = "5";
});

const known = "11987651234";
const taxId = "52998224725";
let place: { unitId: string; code: string };

beforeAll(async () => {
  await defaultPolicy();
  const sender = await serviceAccount();
  place = await unit();
  const facts = { customerNumber: known, customerTaxId: taxId, protocol: "PROT-7" };
  expect((await askTicket(sender.headers, callMetadata(place.code, smallAudio(), facts))).status).toBe(201);
});

const supervisor = () => signedInAs("supervisor", [place.unitId]);

const search = async (who: SignedIn, text: string, by?: "number" | "protocol" | "taxId") =>
  readSearch(await who.context(), { text, by });

const eventsOf = ({ userId }: SignedIn) =>
  database()
    .select({ outcome: auditEvents.outcome, details: auditEvents.details })
    .from(auditEvents)
    .where(and(eq(auditEvents.actorId, userId), eq(auditEvents.action, "recording.searched")))
    .orderBy(asc(auditEvents.id));

const tooMany = { code: "too_many_requests", details: { retryAfterSeconds: expect.any(Number) as number } };

describe("a search by number, CPF or CNPJ", () => {
  test("is an event that says whether it found something; the same number has the same digest", async () => {
    const who = await supervisor();
    await search(who, known);
    await search(who, "(11) 98765-1234", "number");
    await search(who, "11987650000", "number");
    await search(who, taxId, "taxId");
    const events = await eventsOf(who);
    expect(events).toMatchObject([
      { outcome: "success", details: { searchedBy: "number", found: true } },
      { outcome: "success", details: { searchedBy: "number", found: true } },
      { outcome: "success", details: { searchedBy: "number", found: false } },
      { outcome: "success", details: { searchedBy: "taxId", found: true } },
    ]);
    const digests = events.map(({ details }) => details.searchDigest);
    expect(digests[1]).toBe(digests[0]);
    expect(new Set(digests).size).toBe(3);
    const text = JSON.stringify(events);
    for (const secret of [known, taxId, "98765", "1234"]) expect(text).not.toContain(secret);
  });

  test("by four digits that nothing has is an event too", async () => {
    const who = await supervisor();
    await search(who, "0007");
    expect(await eventsOf(who)).toMatchObject([{ details: { searchedBy: "number", found: false } }]);
  });

  test("is no event by protocol, nor of a text that is no number", async () => {
    const who = await supervisor();
    expect(await search(who, "PROT-7")).toMatchObject({ filter: "protocol" });
    await expect(search(who, "ninguém")).rejects.toMatchObject({ code: "invalid_input" });
    expect(await eventsOf(who)).toEqual([]);
  });

  test.each(["supervisor", "auditor", "admin"] as const)(
    "is limited for a %s, who sees numbers masked",
    async (role) => {
      const who = await signedInAs(role, role === "supervisor" ? [place.unitId] : []);
      for (let last = 0; last < 5; last += 1) await search(who, `1198765000${last}`, "number");
      await expect(search(who, known, "number")).rejects.toMatchObject(tooMany);
      await expect(search(who, known)).rejects.toMatchObject(tooMany);
      // The last four digits are guesses as well.
      await expect(search(who, "1234")).rejects.toMatchObject(tooMany);
      expect(await search(who, "PROT-7", "protocol")).toMatchObject({ filter: "protocol" });
      const outcomes = (await eventsOf(who)).map(({ outcome }) => outcome);
      expect(outcomes).toEqual([...Array<string>(5).fill("success"), ...Array<string>(3).fill("denied")]);
      // Another person is not.
      expect(await search(await supervisor(), known)).toMatchObject({ filter: "number" });
    },
  );

  test("at once is limited as well", async () => {
    const who = await supervisor();
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => search(who, String(1000 + index))),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  });

  test("is not limited for the DPO, who sees numbers whole, and is an event all the same", async () => {
    const who = await signedInAs("dpo");
    for (let last = 0; last < 8; last += 1) await search(who, `1198765000${last}`, "number");
    expect(await eventsOf(who)).toHaveLength(8);
  });

  test("writes at most the quota of refusals", async () => {
    const who = await supervisor();
    for (let last = 0; last < 40; last += 1) await search(who, "1234").catch(() => undefined);
    expect((await eventsOf(who)).filter(({ outcome }) => outcome === "denied")).toHaveLength(30);
  });
});
