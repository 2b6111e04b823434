import { formInput, readIds } from "@/lib/http/form-input";
import { recordingFilters } from "@/lib/recordings/recording-filters";

const isFilter = (name: string) => name in recordingFilters.shape;

/**
 * What a hold form asks of an operation: its own fields, and either the chosen recordings, ticked or pasted, or the
 * filters of a search.
 */
export function holdSelectionInput<Input>(form: FormData): Input {
  const {
    recordingIds = [],
    ids = "",
    ...fields
  } = formInput<{ recordingIds?: string[]; ids?: string } & Record<string, string>>(form);
  const said = Object.entries(fields);
  const filters = Object.fromEntries(said.filter(([name, value]) => isFilter(name) && value !== ""));
  const chosen = [...recordingIds, ...readIds(ids)];
  return {
    ...Object.fromEntries(said.filter(([name]) => !isFilter(name))),
    selection: chosen.length > 0 ? { recordingIds: chosen } : { filters },
  } as Input;
}
