import type { JobActor, OperationContext } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";

/** The context of work without a request: a server job, or a command in a terminal. */
export function jobContext(name: JobActor["name"]): OperationContext & { actor: JobActor } {
  return { actor: { type: "job", name }, requestId: newId(), ipAddress: null };
}
