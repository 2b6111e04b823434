/** The named entries of an object: some columns of a table, or some fields of a row. */
export function pick<Source extends object, Name extends keyof Source>(
  source: Source,
  ...names: Name[]
): Pick<Source, Name> {
  return Object.fromEntries(names.map((name) => [name, source[name]])) as Pick<Source, Name>;
}
