/** What a form says without being asked: names and values, a name once or several times. */
export type HiddenField = readonly [name: string, value: string];

export function HiddenFields({ fields }: { fields: readonly HiddenField[] }) {
  return fields.map(([name, value]) => <input key={`${name} ${value}`} type="hidden" name={name} value={value} />);
}
