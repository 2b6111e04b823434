import type { Actor } from "@/lib/operation/actor";

/** Who asks, and in which request. `ipAddress` only where a trusted proxy or the socket tells it. */
export type OperationContext = { actor: Actor; requestId: string; ipAddress: string | null };
