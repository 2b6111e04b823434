import type { Actor } from "@/lib/operation/actor";

/** Whether the actor is this user. */
export function isOneself(actor: Actor, userId: string): boolean {
  return actor.type === "user" && actor.userId === userId;
}
