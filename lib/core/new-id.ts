import { v7 } from "uuid";

/** A new id: UUID version 7 (RFC 9562). Ids are ordered by creation, roughly, so that indexes stay compact. */
export function newId(): string {
  return v7();
}
