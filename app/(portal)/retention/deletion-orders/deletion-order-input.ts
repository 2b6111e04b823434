import { formInput, readIds } from "@/lib/http/form-input";
import type { orderDeletion } from "@/lib/deletion/orders/order-deletion";

type OrderInput = Parameters<typeof orderDeletion>[1];

/**
 * Converts the form of a deletion order to the input of its operations. Ids are separated by lines, spaces or commas.
 */
export function deletionOrderInput(form: FormData): OrderInput {
  const {
    ids = "",
    justification = "",
    acknowledgedRecordings = "0",
    ...selection
  } = formInput<Record<string, string>>(form);
  const recordingIds = readIds(ids);
  return {
    selection: { ...selection, ...(recordingIds.length > 0 ? { recordingIds } : {}) } as OrderInput["selection"],
    justification,
    acknowledgedRecordings,
  };
}
