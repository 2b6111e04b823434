import { describe, expect, it } from "vitest";
import { receiptOf, requestInput } from "@/lib/subject-requests/request-input";
import { letter } from "../../support/subject-requests";

const zone = "America/Sao_Paulo";
const now = new Date("2024-03-10T15:00:00Z");
const receipt = (receivedAt: string) => receiptOf(requestInput.parse(letter({ receivedAt })), zone, now)?.toISOString();

describe("a receipt", () => {
  it.each([
    ["as a browser's field gives it, in the controller's zone", "2024-03-10T09:30", "2024-03-10T12:30:00.000Z"],
    ["with seconds", "2024-03-10T09:30:15", "2024-03-10T12:30:15.000Z"],
    ["with an offset, which counts", "2024-03-10T09:30:00-05:00", "2024-03-10T14:30:00.000Z"],
    ["in this very moment", "2024-03-10T15:00:00Z", "2024-03-10T15:00:00.000Z"],
    ["on the first day of the LGPD", "2020-09-18T00:00", "2020-09-18T03:00:00.000Z"],
    ["a moment later than now", "2024-03-10T15:00:01Z", undefined],
    ["on the day before the LGPD, which is the next day in UTC", "2020-09-17T23:30", undefined],
  ])("%s", (_, receivedAt, expected) => expect(receipt(receivedAt)).toBe(expected));

  it.each(["", "10/03/2024 09:30", "2024-02-30T10:00", "2024-03-10", "yesterday"])("%j is none", (receivedAt) => {
    expect(requestInput.safeParse(letter({ receivedAt })).success).toBe(false);
  });
});

describe("a form", () => {
  it("reads an empty field as none", () => {
    const { subjectName, words, answerAddress } = requestInput.parse(
      letter({ subjectName: "  ", words: "", answerChannel: "counter", answerAddress: " " }),
    );
    expect([subjectName, words, answerAddress]).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ["an unknown field", { admin: true }],
    ["an unknown right", { rights: ["everything"] }],
    ["no right", { rights: [] }],
    ["an unknown kind of identifier", { identifiers: [{ kind: "passport", value: "1" }] }],
    ["an empty identifier", { identifiers: [{ kind: "number", value: " " }] }],
    ["more identifiers than anybody has", { identifiers: Array(51).fill({ kind: "number", value: "1" }) }],
    ["a text without end", { words: "a".repeat(10_001) }],
    ["a day that no calendar has", { periodFrom: "2024-02-30" }],
    ["an unknown language", { answerLocale: "fr" }],
    ["a key that is no id", { requestId: "1" }],
  ])("with %s is refused", (_, wrong) => {
    expect(requestInput.safeParse({ ...letter(), ...wrong }).success).toBe(false);
  });
});
