import { ErrorText } from "@/components/ui/error-text";
import { FormMessage } from "@/components/ui/form-message";

/**
 * On every page of a portal whose database was restored from before erasures: why nothing can be heard, and what to
 * run.
 */
export function LedgerAlarm({ isInStep }: { isInStep: boolean }) {
  if (isInStep) return null;
  return (
    <FormMessage className="mb-4">
      <ErrorText code="erasure_ledger_ahead" />
    </FormMessage>
  );
}
