import { v7 } from "uuid";

/** A new id: UUID version 7 (RFC 9562), whose order is roughly that of creation, so that indexes stay compact. */
export function newId(): string {
  return v7();
}
