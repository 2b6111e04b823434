/** Settings under which messages to people go nowhere. */
export const noMessages: Record<string, string>;
export const messagesToNowhere: Record<string, string>;
