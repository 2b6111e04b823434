/** Returns a TCP port that is free on the loopback address, and that no outgoing connection is given. */
export function freePort(): Promise<number>;
