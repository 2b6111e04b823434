/**
 * The text fields of a form as a plain object; a name ending in "[]" gathers its values in a list. Files are left out.
 * Nothing is checked here: the type is what the operation is asked, and the operation parses it.
 */
export function formInput<Input = Record<string, string | string[]>>(form: FormData): Input {
  const input: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    if (name.startsWith("$ACTION")) continue;
    const values = form.getAll(name).filter((value): value is string => typeof value === "string");
    if (name.endsWith("[]")) input[name.slice(0, -2)] = values;
    else if (values[0] !== undefined) input[name] = values[0];
  }
  return input as Input;
}

/**
 * Ids as people paste them: one a line, or with spaces, commas or semicolons between. What they are nobody has
 * checked yet.
 */
export function readIds(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
