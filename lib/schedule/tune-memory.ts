import { setFlagsFromString } from "node:v8";

/**
 * V8 marks its whole heap anew after each 64 MiB of buffers outside of it, though those of a socket live for a moment: with audio passing
 * through the portal, two thirds of its processor time went there. Counted together with the heap, they make it mark in proportion to
 * the heap's size.
 */
export function tuneMemory(): void {
  setFlagsFromString("--external-memory-accounted-in-global-limit");
}
