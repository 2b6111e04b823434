import { AppError } from "@/lib/core/errors";
import type { ProcessState } from "@/lib/db/schema/subject-request-words";

type Transition = { from: readonly ProcessState[]; to: ProcessState | "state_before" };

/** States in which somebody works on the right and the person may still have to say something. */
const working = ["verifying_identity", "triage", "finding", "analysing"] as const;

/** Each step of a process, one process for each right of a request. There is no other way from state to state. */
export const transitions = {
  start: { from: ["received", "reopened"], to: "verifying_identity" },
  confirm_identity: { from: ["verifying_identity"], to: "triage" },
  /** The identity was not proved, or a representative showed no mandate: the letter says so. */
  fail_identity: { from: ["verifying_identity", "awaiting_subject"], to: "unverified" },
  /** From the analysis back: something else is to be searched for. */
  find: { from: ["triage", "analysing"], to: "finding" },
  analyse: { from: ["finding"], to: "analysing" },
  request_approval: { from: ["analysing"], to: "awaiting_approval" },
  /** The approver refuses: the decision is made again. */
  return_decision: { from: ["awaiting_approval"], to: "analysing" },
  approve: { from: ["awaiting_approval"], to: "executing" },
  /** For decisions that need no approval. */
  execute: { from: ["analysing"], to: "executing" },
  /** Another agent processes the data: the letter names it (LGPD Art. 18, § 4, I). */
  forward: { from: ["triage", "finding", "analysing"], to: "forwarded" },
  ask_subject: { from: working, to: "awaiting_subject" },
  resume: { from: ["awaiting_subject"], to: "state_before" },
  answer: { from: ["executing", "unverified", "forwarded"], to: "answered" },
  close: { from: ["answered", "withdrawn"], to: "closed" },
  /** Until execution begins: what was executed cannot be withdrawn. */
  withdraw: { from: ["received", "reopened", ...working, "awaiting_subject", "awaiting_approval"], to: "withdrawn" },
  reopen: { from: ["answered", "closed", "withdrawn", "unverified"], to: "reopened" },
} as const satisfies Record<string, Transition>;

export type Step = keyof typeof transitions;

export const steps = Object.keys(transitions) as [Step, ...Step[]];

/** Nothing is owed to the person in these: the right was answered, or it was withdrawn. */
export const endStates = ["answered", "closed", "withdrawn"] as const satisfies readonly ProcessState[];

export const isEnded = (state: ProcessState) => (endStates as readonly ProcessState[]).includes(state);

export type ProcessPosition = {
  state: ProcessState;
  /** While it waits for the person; else null. */
  stateBefore: ProcessState | null;
};

/** Whether a step may be taken from a state. */
export const mayTake = (step: Step, state: ProcessState) =>
  (transitions[step].from as readonly ProcessState[]).includes(state);

/** Where a step leads. @throws AppError `conflict` if the table has no such step from that state. */
export function positionAfter(step: Step, { state, stateBefore }: ProcessPosition): ProcessPosition {
  if (!mayTake(step, state)) throw new AppError("conflict", `no ${step} from ${state}`);
  const { to } = transitions[step];
  if (to === "awaiting_subject") return { state: to, stateBefore: state };
  if (to !== "state_before") return { state: to, stateBefore: null };
  if (stateBefore === null) throw new AppError("conflict", "the state before was not kept");
  return { state: stateBefore, stateBefore: null };
}
