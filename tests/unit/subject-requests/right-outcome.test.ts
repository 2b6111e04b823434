import { describe, expect, it } from "vitest";
import { rightOutcome, type DecidedItem } from "@/lib/subject-requests/deciding/right-outcome";

const of = (measure: DecidedItem["measure"], more: Partial<DecidedItem> = {}): DecidedItem => ({
  ...{ recordingId: crypto.randomUUID(), measure, ground: null, keptUntil: null },
  ...more,
});
const ends = (...items: DecidedItem[]) => rightOutcome(items);
const whole = (ground: DecidedItem["ground"]) => of("inform", { recordingId: null, ground });

describe("the outcome of a right", () => {
  it("is granted when nothing is refused", () => {
    expect(ends(of("delete"), of("anonymise"))).toEqual({ outcome: "granted", scheduledFor: null });
    expect(ends(of("deliver"))).toMatchObject({ outcome: "granted" });
    expect(ends(whole(null))).toMatchObject({ outcome: "granted" });
  });

  it("is partly granted when some recordings are refused, whatever waits", () => {
    expect(ends(of("delete"), of("keep", { ground: "contract_performance" }))).toMatchObject({
      outcome: "partly_granted",
    });
    expect(ends(of("deliver", { ground: "third_party_rights" }))).toMatchObject({ outcome: "partly_granted" });
    const later = of("delete_later", { keptUntil: "2027-01-31" });
    expect(ends(later, of("keep"))).toEqual({ outcome: "partly_granted", scheduledFor: null });
  });

  it("is refused when all are, or the right is as a whole", () => {
    expect(ends(of("withhold"), of("withhold"))).toMatchObject({ outcome: "refused" });
    expect(ends(whole("already_answered"))).toMatchObject({ outcome: "refused" });
    expect(ends()).toMatchObject({ outcome: "refused" });
  });

  it("is that nothing was found when that is its ground", () =>
    expect(ends(whole("not_found"))).toMatchObject({ outcome: "not_found" }));

  it("is scheduled for the last day of what waits, and without a day while a hold keeps one", () => {
    const [early, late] = [
      of("delete_later", { keptUntil: "2027-01-31" }),
      of("delete_later", { keptUntil: "2027-02-28" }),
    ];
    expect(ends(late, early, of("delete"))).toEqual({ outcome: "scheduled", scheduledFor: "2027-02-28" });
    expect(ends(late, of("delete_later"))).toEqual({ outcome: "scheduled", scheduledFor: null });
  });
});
