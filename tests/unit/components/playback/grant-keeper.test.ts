import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { GrantKeeper } from "@/components/playback/grant-keeper";
import type { GrantAnswer } from "@/components/playback/grant-machine";

const grant: GrantAnswer = { grantId: "a", url: "/a", expiresAt: "2099-01-01T00:00:00Z" };

describe("GrantKeeper", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("waits longer after each failed request and then gives up", async () => {
    let requests = 0;
    const keeper = new GrantKeeper(
      () => Promise.reject(new Error(`no answer ${requests++}`)),
      () => undefined,
    );
    keeper.send({ type: "needed" });
    await vi.advanceTimersByTimeAsync(500);
    expect(requests).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(requests).toBe(5);
    expect(keeper.state).toEqual({ step: "exhausted" });
  });

  it("returns a link once", async () => {
    const entered: string[] = [];
    const keeper = new GrantKeeper(
      () => Promise.resolve(grant),
      (state, isNew) => isNew && entered.push(state.step),
    );
    keeper.send({ type: "needed" });
    await vi.runAllTimersAsync();
    keeper.send({ type: "advanced" });
    expect(entered).toEqual(["requesting", "open"]);
  });

  it("ignores the answer to an abandoned request", async () => {
    let answer: (value: GrantAnswer) => void = () => undefined;
    const keeper = new GrantKeeper(
      () => new Promise((resolve) => (answer = resolve)),
      () => undefined,
    );
    keeper.send({ type: "needed" });
    keeper.send({ type: "abandoned" });
    answer(grant);
    await vi.runAllTimersAsync();
    expect(keeper.state).toEqual({ step: "none" });
  });
});
