import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type GrantEvent,
  type GrantState,
  isRenewalDue,
  reduceGrant,
  RETRY_DELAYS_MS,
} from "@/components/playback/grant-machine";

const NOW = Date.parse("2026-03-02T12:00:00Z");
const received = (seconds: number): GrantEvent => ({
  type: "received",
  atMs: NOW,
  grant: { grantId: "a", url: "/api/playback/a", expiresAt: new Date(NOW + seconds * 1000).toISOString() },
});
const after = (...events: GrantEvent[]) => events.reduce<GrantState>(reduceGrant, { step: "none" });

describe("requesting a link", () => {
  it("requests once when sound is needed, for any number of calls", () => {
    expect(after({ type: "needed" }, { type: "needed" })).toEqual({ step: "requesting", attempt: 0 });
  });

  it("stops at a refusal until the listener starts it again", () => {
    const refused = after({ type: "needed" }, { type: "refused", code: "revoked" });
    expect(refused).toEqual({ step: "refused", code: "revoked" });
    for (const type of ["media_failed", "request_failed", "wait_over", "advanced"] as const) {
      expect(reduceGrant(refused, { type })).toBe(refused);
    }
    expect(reduceGrant(refused, { type: "needed" })).toEqual({ step: "requesting", attempt: 0 });
  });

  it("forgets failures once sound advanced", () => {
    const second = after(
      { type: "needed" },
      received(60),
      { type: "media_failed" },
      { type: "wait_over" },
      received(60),
    );
    expect(second).toMatchObject({ step: "open", attempt: 1 });
    expect(reduceGrant(second, { type: "advanced" })).toMatchObject({ step: "open", attempt: 0 });
  });

  it("drops an answer that is no longer awaited", () => {
    expect(after({ type: "needed" }, { type: "abandoned" }, received(60))).toEqual({ step: "none" });
  });

  it("makes a limited number of requests in every series of failures", () => {
    const failure = fc.constantFrom<GrantEvent>(
      received(60),
      received(-5),
      { type: "request_failed" },
      { type: "media_failed" },
      { type: "wait_over" },
    );
    fc.assert(
      fc.property(fc.array(failure, { maxLength: 200 }), (events) => {
        let state = after({ type: "needed" });
        let asked = 1;
        for (const event of events) {
          const next = reduceGrant(state, event);
          if (next.step === "requesting" && state.step !== "requesting") asked += 1;
          state = next;
        }
        expect(asked).toBeLessThanOrEqual(RETRY_DELAYS_MS.length + 1);
      }),
    );
  });
});

describe("renewing a link before it expires", () => {
  it("is due shortly before the link expires and not earlier", () => {
    const open = after({ type: "needed" }, received(60));
    expect(isRenewalDue(open, NOW + 49_000)).toBe(false);
    expect(isRenewalDue(open, NOW + 50_000)).toBe(true);
  });

  it("is left to the failure of the link when this computer's clock is wrong", () => {
    const open = after({ type: "needed" }, received(-3600));
    expect(isRenewalDue(open, NOW + 1e9)).toBe(false);
  });
});
