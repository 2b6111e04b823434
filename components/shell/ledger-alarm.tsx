import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";

/**
 * Shown on every page after a database was restored from a backup older than the last erasure: explains why nothing can
 * be played, and what to run.
 */
export function LedgerAlarm({ isInStep }: { isInStep: boolean }) {
  if (isInStep) return null;
  return (
    <FormMessage className="mb-4">
      <ErrorText code="erasure_ledger_ahead" />
    </FormMessage>
  );
}
