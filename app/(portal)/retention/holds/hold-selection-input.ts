import { formInput } from "@/lib/http/form-input";

/** What a hold form asks of an operation: the fields of the hold, and either the chosen recordings or the filters of the search. */
export function holdSelectionInput<Input>(form: FormData): Input {
  const { matter, reason, ownerId, reviewOn, recordingIds, ...filters } = formInput<Record<string, string | string[]>>(form);
  return { matter, reason, ownerId, reviewOn, selection: recordingIds ? { recordingIds } : { filters } } as Input;
}
