import type { JobActor, OperationContext } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";

/** The context of work that no request began: a job inside the server, or a command at its terminal. */
export function jobContext(name: JobActor["name"]): OperationContext & { actor: JobActor } {
  return { actor: { type: "job", name }, requestId: newId(), ipAddress: null };
}
