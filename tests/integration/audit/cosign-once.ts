import { cosignCheckpoint } from "@/lib/audit/attestations/cosign-checkpoint";
import { env } from "@/lib/core/env";
import { configuredStore } from "@/lib/storage/configured-store";

/** A process that asks the first witness once. */
await cosignCheckpoint(env().AUDIT_WITNESSES![0]!, { store: configuredStore() });
