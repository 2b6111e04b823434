import { formInput, readIds } from "@/lib/http/form-input";
import { recordingFilters } from "@/lib/recordings/recording-filters";

const isFilter = (name: string) => name in recordingFilters.shape;

/**
 * Converts a hold form to the input of an operation: its own fields, and either recording ids or the filters of a
 * search.
 */
export function holdSelectionInput<Input>(form: FormData): Input {
  const {
    recordingIds = [],
    ids = "",
    ...fields
  } = formInput<{ recordingIds?: string[]; ids?: string } & Record<string, string>>(form);
  const entries = Object.entries(fields);
  const filters = Object.fromEntries(entries.filter(([name, value]) => isFilter(name) && value !== ""));
  const chosen = [...recordingIds, ...readIds(ids)];
  return {
    ...Object.fromEntries(entries.filter(([name]) => !isFilter(name))),
    selection: chosen.length > 0 ? { recordingIds: chosen } : { filters },
  } as Input;
}
