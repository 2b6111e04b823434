import { describe, expect, it, test } from "vitest";
import { AppError } from "@/lib/core/errors";
import { processStates, type ProcessState } from "@/lib/db/schema/subject-request-words";
import { isEnded, mayTake, positionAfter, steps, type ProcessPosition } from "@/lib/subject-requests/transitions";

/** Written here once more, from the workflow of a request: from each state, every step that may follow. */
const allowed: Record<ProcessState, string[]> = {
  received: ["start", "withdraw"],
  reopened: ["start", "withdraw"],
  verifying_identity: ["confirm_identity", "fail_identity", "ask_subject", "withdraw"],
  triage: ["find", "forward", "ask_subject", "withdraw"],
  finding: ["analyse", "forward", "ask_subject", "withdraw"],
  analysing: ["find", "request_approval", "execute", "forward", "ask_subject", "withdraw"],
  awaiting_approval: ["return_decision", "approve", "withdraw"],
  executing: ["answer"],
  awaiting_subject: ["fail_identity", "resume", "withdraw"],
  forwarded: ["answer"],
  unverified: ["answer", "reopen"],
  answered: ["close", "reopen"],
  closed: ["reopen"],
  withdrawn: ["close", "reopen"],
};

describe.each(processStates)("from %s", (state) => {
  it("exactly the steps of the workflow may be taken, and each other is refused", () => {
    expect(steps.filter((step) => mayTake(step, state)).sort()).toEqual(allowed[state].toSorted());
    for (const step of steps.filter((step) => !allowed[state].includes(step)))
      expect(() => positionAfter(step, { state, stateBefore: "triage" })).toThrow(AppError);
  });
});

test("every state can be reached from receipt, and from every state a request can be closed", () => {
  const reachable = (from: ProcessState) => {
    const seen = new Map<string, ProcessPosition>();
    const waiting: ProcessPosition[] = [{ state: from, stateBefore: from === "awaiting_subject" ? "triage" : null }];
    for (const position of waiting) {
      const key = `${position.state} ${position.stateBefore}`;
      if (seen.has(key)) continue;
      seen.set(key, position);
      waiting.push(...steps.filter((step) => mayTake(step, position.state)).map((s) => positionAfter(s, position)));
    }
    return new Set([...seen.values()].map(({ state }) => state));
  };
  expect([...reachable("received")].sort()).toEqual(processStates.toSorted());
  for (const state of processStates) expect(reachable(state)).toContain("closed");
});

test("nothing is executed before the identity was confirmed", () => {
  const withoutIdentity = steps.filter((step) => step !== "confirm_identity");
  const reached = new Set<ProcessState>(["received"]);
  for (const state of reached)
    for (const step of withoutIdentity)
      if (mayTake(step, state)) {
        // The state before waiting is one that was reached.
        const before = [...reached].filter((earlier) => mayTake("ask_subject", earlier));
        for (const stateBefore of state === "awaiting_subject" ? before : [null])
          reached.add(positionAfter(step, { state, stateBefore }).state);
      }
  expect([...reached].sort()).toEqual(
    [
      ...["received", "verifying_identity", "awaiting_subject", "unverified"],
      ...["answered", "closed", "withdrawn", "reopened"],
    ].sort(),
  );
});

test("waiting for the person returns to the state before, and to no other", () => {
  for (const state of processStates.filter((state) => mayTake("ask_subject", state))) {
    const waiting = positionAfter("ask_subject", { state, stateBefore: null });
    expect(waiting).toEqual({ state: "awaiting_subject", stateBefore: state });
    expect(positionAfter("resume", waiting)).toEqual({ state, stateBefore: null });
  }
  expect(() => positionAfter("resume", { state: "awaiting_subject", stateBefore: null })).toThrow(AppError);
});

test("only answered, closed and withdrawn processes have ended", () => {
  expect(processStates.filter(isEnded)).toEqual(["answered", "closed", "withdrawn"]);
});
