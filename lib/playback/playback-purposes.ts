import { playbackPurpose } from "@/lib/db/schema/playback";

/** The purposes a user may state, in the order that the player offers them. */
export const playbackPurposes = playbackPurpose.enumValues;

export type PlaybackPurpose = (typeof playbackPurposes)[number];
