/**
 * Facts of the system, in Portuguese: the documents that they go into are documents under Brazilian law, whatever the
 * portal's language. `source`: where in the portal the facts come from.
 */
export type FactSection = { key: string; title: string; source: string; rows: FactRow[] };

/** A named group of facts; the title may be empty. */
export type FactRow = { title: string; facts: [term: string, value: string][] };

/** A fact as one line, for comparison. */
const linesOf = ({ title, rows }: FactSection): string[] =>
  rows.flatMap((row) =>
    row.facts.map(([term, value]) => [title, row.title, `${term}: ${value}`].filter(Boolean).join(" · ")),
  );

/** Sections whose facts change from day to day, and are not compared. */
const passing = ["measures"];

/** What two lists of facts do not have in common, as lines. */
export function factChanges(before: readonly FactSection[], after: readonly FactSection[]) {
  const [old, now] = [before, after].map((sections) =>
    sections.filter(({ key }) => !passing.includes(key)).flatMap(linesOf),
  ) as [string[], string[]];
  return {
    added: now.filter((line) => !old.includes(line)),
    removed: old.filter((line) => !now.includes(line)),
  };
}

export type FactChanges = ReturnType<typeof factChanges>;

export const yesNo = (value: boolean) => (value ? "sim" : "não");

/** Nothing said. */
export const unsaid = "não informado";

/** "2026-11-30" as people write it. */
export const writtenDay = (day: string) => day.split("-").reverse().join("/");
