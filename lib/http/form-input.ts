/** The text fields of a form as a plain object; a name ending in "[]" gathers its values in a list. Files are left out. */
export function formInput(form: FormData): Record<string, string | string[]> {
  const input: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION")) continue;
    const values = form.getAll(name).filter((value): value is string => typeof value === "string");
    if (name.endsWith("[]")) input[name.slice(0, -2)] = values;
    else if (values[0] !== undefined) input[name] = values[0];
  }
  return input;
}
