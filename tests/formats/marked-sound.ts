import type { FormatRow } from "./format-rows";

/** Sound whose pitch changes at a known time: a player that seeks wrongly is heard by it. */
export type MarkedSound = { seconds: number; markerSeconds: number; source: string };

/** The pitch before and behind the marker, in Hz. Every codec of speech passes both. */
export const pitches = [440, 1000] as const;

/** What is heard before the jump: another pitch, and long, since a browser goes on with it for a moment. */
const opening = 700;

const tone = (volume: number, pitch: number) => `${volume}*sin(2*PI*${pitch}*t)`;
const [before, behind] = pitches;

const even: MarkedSound = {
  seconds: 10,
  markerSeconds: 9,
  source:
    `aevalsrc=exprs='if(lt(t,8),${tone(0.4, opening)},` +
    `if(lt(t,9),${tone(0.4, before)},${tone(0.4, behind)}))':d=10`,
};

/** With a variable bit rate, the noise takes most of the bytes: a time guessed from bytes is seconds off. */
const uneven: MarkedSound = {
  seconds: 12,
  markerSeconds: 10,
  source:
    `aevalsrc=exprs='if(lt(t,6),${tone(0.02, opening)},if(lt(t,8),0.5*(2*random(0)-1),` +
    `if(lt(t,10),${tone(0.4, before)},${tone(0.4, behind)})))':d=12`,
};

/** Two streams in a chain: the marker is that of the second one. */
const twice: MarkedSound = { ...even, seconds: 20, markerSeconds: 19 };

export function soundOf({ made }: FormatRow): MarkedSound {
  if ("twice" in made) return twice;
  return "uneven" in made ? uneven : even;
}
