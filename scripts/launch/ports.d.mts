/** Returns a TCP port that is free on the loopback address. */
export function freePort(): Promise<number>;
