import type { PlaybackAccess } from "@/components/playback/grant-machine";
import type { PartProblem } from "@/lib/playback/call-parts";

/** A part of a call as the player names it. */
export type SequencePart = { recordingId: string; startedAt: string; problem: PartProblem | null };

/** The parts of a call in the order in which they play, and the one that a page shows. */
export type CallOrder = { parts: readonly SequencePart[]; current: number };

/** A part that was passed over, with its number from 1. `gone`: it was deleted after the part before began. */
export type PassedPart = Omit<SequencePart, "problem"> & { number: number; problem: PartProblem | "gone" };

/** The next part that can be played, null if there is none, and the parts before it that cannot. */
export function nextPart({ parts, current }: CallOrder): { next: number | null; passed: PassedPart[] } {
  const passed: PassedPart[] = [];
  for (let index = current + 1; index < parts.length; index++) {
    const { problem, ...part } = parts[index]!;
    if (problem === null) return { next: index, passed };
    passed.push({ ...part, problem, number: index + 1 });
  }
  return { next: null, passed };
}

/** What goes along to the page of the next part, which then begins to play. */
export type Handover = {
  /** As it was known on the page before. */
  order: CallOrder;
  /** The purpose stated for the call. The next part has a grant of its own under it. */
  access: PlaybackAccess;
  passed: PassedPart[];
  /** The focus was in the player, and belongs into the next one. */
  hadFocus: boolean;
};

/** In memory only: a page that is loaded anew asks for its purpose. */
let handover: Handover | null = null;

export function handOver(given: Handover): void {
  handover = given;
}

/** What was handed over to the page of this recording; nothing for any other. */
export const handedOver = (recordingId: string): Handover | null =>
  handover !== null && handover.order.parts[handover.order.current]?.recordingId === recordingId ? handover : null;

/** Ends the handover: a later visit is asked for its purpose. */
export function endHandover(): void {
  handover = null;
}
