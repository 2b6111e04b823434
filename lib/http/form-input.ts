/**
 * The text fields of a form as a plain object; a name ending in "[]" collects its values in a list. Omits files.
 * Checks nothing: the type is the operation's input, and the operation parses it.
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

/** Splits pasted ids at line breaks, spaces, commas or semicolons. Does not check them. */
export function readIds(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}
