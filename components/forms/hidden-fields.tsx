/** A hidden field of a form. A name may repeat. */
export type HiddenField = readonly [name: string, value: string];

export function HiddenFields({ fields }: { fields: readonly HiddenField[] }) {
  return fields.map(([name, value]) => <input key={`${name} ${value}`} type="hidden" name={name} value={value} />);
}
