import { playbackPurpose } from "@/lib/db/schema/playback";

/** The purposes a person may state, in the order the player offers them. */
export const playbackPurposes = playbackPurpose.enumValues;

export type PlaybackPurpose = (typeof playbackPurposes)[number];
