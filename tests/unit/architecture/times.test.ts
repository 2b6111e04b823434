import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Where a time becomes text. `local-time` reads the times in names of foreign files. */
const helpers = ["lib/core/time.ts", "lib/i18n/format.ts", "scripts/recordings/call-names/local-time.ts"];
/** They start and measure; no one takes a time of theirs for that of an event. */
const tools = /^scripts\/(launch|bench)\//;

const ways = {
  "date-fns": /from "(date-fns|@date-fns)\b/,
  TZDate: /\bTZDate\b/,
  "Intl.DateTimeFormat": /\bIntl\.DateTimeFormat\b/,
  toLocaleString: /\.toLocale(Date|Time)?String\(/,
  "the formatter of next-intl": /\bformat(ter)?\.(dateTime|relativeTime)\(/,
  "an until that is not inclusive":
    /<TimeText value=\{(?!lastWholeDay)[^}]*(retainUntil|minimumUntil|dueUntil|collectUntil)\b[^(]*as="date"/,
};

const found = (text: string) =>
  Object.entries(ways)
    .filter(([, way]) => way.test(text))
    .map(([name]) => name);

test("times become text in one place", () => {
  const files = ["lib", "app", "components", "scripts"].flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx,mjs}`));
  expect(files.length).toBeGreaterThan(1000);
  const others = files.filter((file) => !helpers.includes(file) && !tools.test(file));
  expect(others.flatMap((file) => found(readFileSync(file, "utf8")).map((way) => `${file}: ${way}`))).toEqual([]);
});

test.each([
  ['import { format } from "date-fns/format";', "date-fns"],
  ["new Intl.DateTimeFormat(locale)", "Intl.DateTimeFormat"],
  ["at.toLocaleDateString()", "toLocaleString"],
  ['<TimeText value={row.retainUntil} as="date" />', "an until that is not inclusive"],
  ['<TimeText value={minimumUntil!} timeZone={zone} as="date" />', "an until that is not inclusive"],
])("%s would be refused", (text, way) => expect(found(text)).toEqual([way]));

test.each(["new Intl.NumberFormat(locale)", "<KeptUntil retainUntil={retainUntil} />", "format.number(rate)"])(
  "%s would not",
  (text) => expect(found(text)).toEqual([]),
);
