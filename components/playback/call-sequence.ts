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

/** As long as a page may take to load on a slow connection: who comes later is asked for a purpose. */
const handoverMs = 15_000;

/** In memory only: a page that is loaded anew asks for its purpose. */
let handover: { given: Handover; at: number } | null = null;

export function handOver(given: Handover): void {
  handover = { given, at: Date.now() };
}

/** What was handed over to the page of this recording just now; nothing for any other. */
export function handedOver(recordingId: string): Handover | null {
  if (handover === null) return null;
  const { given, at } = handover;
  const ageMs = Date.now() - at;
  // A clock that was set back makes no handover younger.
  if (ageMs < 0 || ageMs > handoverMs) handover = null;
  return handover !== null && given.order.parts[given.order.current]?.recordingId === recordingId ? given : null;
}

/** Ends the handover: a later visit is asked for its purpose. */
export function endHandover(): void {
  handover = null;
}
