/** The parts of a report, in its order. */
export const reportSections = [
  "integrity",
  "access",
  "refusals",
  "searches",
  "exports",
  "deletions",
  "holds",
  "runs",
  "policies",
  "rights",
  "requests",
  "storage",
  "compliance",
] as const;

export type ReportSection = (typeof reportSections)[number];

/** What a figure counts, in each part. `events` and `failedEvents`: events of one kind, named by `of`. */
export const figureNames = [
  ...["events", "failedEvents", "eventsBy", "logEvents", "sealedEvents", "seals", "findings"],
  ...["plays", "downloads", "unsentAccesses", "failedPlays", "offHours", "mostWithinHour", "peopleWithMany"],
  ...["numbersOften", "mostOfNumber", "denials", "deletedRecordings", "withReceipt", "withoutReceipt"],
  ...["holdsInForce", "runDeletions", "received", "answered", "answeredLate", "openAtEnd", "overdueAtEnd"],
] as const;

export type FigureName = (typeof figureNames)[number];

/** Who or what a figure is about: an id or a code, whose name is looked up when the report is written. */
export type FigureSubject = { kind: "user" | "unit" | "purpose" | "action" | "reason"; id: string };

/** `value` of the period, `before` of the one before; null: it was not measured. */
export type Figure = {
  section: ReportSection;
  name: FigureName;
  of: FigureSubject | null;
  value: number | null;
  before: number | null;
};

/** One figure of one period. */
export type Measured = Omit<Figure, "before" | "value"> & { value: number };

const keyOf = ({ section, name, of }: Omit<Measured, "value">) => JSON.stringify([section, name, of?.kind, of?.id]);

/** Puts the figures of two periods beside each other; what one of them lacks is 0. In the order of the parts. */
export function compared(now: readonly Measured[], before: readonly Measured[]): Figure[] {
  const figures = new Map<string, Figure>();
  for (const { value, ...figure } of before) figures.set(keyOf(figure), { ...figure, value: 0, before: value });
  for (const { value, ...figure } of now) {
    const key = keyOf(figure);
    figures.set(key, { ...figure, value, before: figures.get(key)?.before ?? 0 });
  }
  return [...figures.values()].toSorted(inOrder);
}

function inOrder(left: Figure, right: Figure): number {
  const section = reportSections.indexOf(left.section) - reportSections.indexOf(right.section);
  const name = figureNames.indexOf(left.name) - figureNames.indexOf(right.name);
  const kind = (left.of?.kind ?? "").localeCompare(right.of?.kind ?? "");
  return section || name || kind || (right.value ?? 0) - (left.value ?? 0) || keyOf(left).localeCompare(keyOf(right));
}
