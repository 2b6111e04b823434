import { env } from "@/lib/core/env";
import type { Method, Remainder } from "@/lib/receipts/receipt-parts";

const dayMs = 24 * 60 * 60 * 1000;

/** Until when a database backup may still hold deleted data (`DATABASE_BACKUP_DAYS`). */
export function backupsEnd(deletedAt: Date): string {
  return new Date(deletedAt.getTime() + env().DATABASE_BACKUP_DAYS * dayMs).toISOString();
}

/** The data that remains of a deleted recording; docs/deletion.md lists it with the legal grounds. */
export function remainingData(deletedAt: Date): Remainder[] {
  return [
    { what: "minimal_record", until: null },
    { what: "audit_events", until: null },
    { what: "erasure_ledger", until: null },
    { what: "upload_tickets", until: null },
    { what: "playback_grants", until: null },
    { what: "database_backups", until: backupsEnd(deletedAt) },
  ];
}

/**
 * Claims cryptographic erase only if the audio's own key was destroyed. Each recording that the portal encrypted had
 * its own key from the first byte.
 */
export function sanitisation({
  dataKeysDestroyed,
  recordings,
  deletedAt,
}: {
  dataKeysDestroyed: number;
  recordings: number;
  deletedAt: Date;
}): Method {
  return {
    standard: "NIST SP 800-88 Rev. 2",
    technique: "all_versions_deleted_and_absence_proved",
    cryptographicErase: recordings === 0 ? null : { dataKeysDestroyed, recordings, completeAt: backupsEnd(deletedAt) },
  };
}
