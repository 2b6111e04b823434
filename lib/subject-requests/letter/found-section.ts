import { formatDuration } from "@/lib/i18n/format";
import type { Block, Section } from "@/lib/receipts/pdf/document-text";
import { legalBasisText } from "@/lib/receipts/pdf/certificate-words";
import type { CheckedContent } from "@/lib/subject-requests/letter/letter-content";
import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";
import { dateText, mostListed } from "@/lib/subject-requests/letter/right-sections";

type Recording = CheckedContent["recordings"][number];

/** How many recordings were found, of which days, and what the person is told of each. */
export function foundSection(content: CheckedContent, words: LetterWords): Section {
  const { say } = words;
  const { recordings } = content;
  const title = say("found.title");
  const sentence = (text: string): Block => ({ kind: "text", text });
  if (!content.identity.isProved) return { title, blocks: [sentence(say("found.unproved"))] };
  if (recordings.length === 0) return { title, blocks: [sentence(say("found.none"))] };
  const otherZones = recordings.some(({ timeZone }) => timeZone !== content.timeZone);
  const sentences = [say("found.some", { count: recordings.length, ...periodOf(recordings, words) })];
  sentences.push(say("found.numbers"), ...(otherZones ? [say("found.otherZones")] : []));
  if (recordings.length > mostListed) return { title, blocks: [sentence([...sentences, say("found.many")].join(" "))] };
  return { title, blocks: [sentence(sentences.join(" ")), ...dataTable(recordings, words)] };
}

/** The days of the first and the last call, each in the zone of its unit. */
function periodOf(recordings: readonly Recording[], { day }: LetterWords) {
  const dated = recordings
    .filter((recording): recording is Recording & { startedAt: string } => recording.startedAt !== null)
    .toSorted((left, right) => Date.parse(left.startedAt) - Date.parse(right.startedAt));
  const [first, last] = [dated[0], dated.at(-1)];
  if (!first || !last) return { period: "none", from: "", to: "" };
  const [from, to] = [first, last].map(({ startedAt, timeZone }) => day(startedAt, timeZone)) as [string, string];
  return { period: from === to ? "day" : "range", from, to };
}

function dataTable(recordings: readonly Recording[], words: LetterWords): Block[] {
  const { say, calendarDay } = words;
  const unknown = say("found.unknown");
  const rows = recordings.flatMap((recording) => {
    const { data } = recording;
    if (data === null) return [];
    const call = [
      data.direction && say(`found.directions.${data.direction}`),
      data.durationSeconds === null ? null : formatDuration(data.durationSeconds),
    ];
    const purpose = [data.purpose, data.legalBasis && legalBasisText(data.legalBasis)];
    const listed = (parts: readonly (string | null)[], between: string) =>
      parts.filter(Boolean).join(between) || unknown;
    return [
      [
        say("found.recording", { number: String(recording.number) }),
        dateText(recording, words),
        listed(call, ", "),
        listed(purpose, ". "),
        data.retainedUntil === null ? unknown : calendarDay(data.retainedUntil),
      ],
    ];
  });
  if (rows.length === 0) return [];
  const head = (["recording", "startedAt", "call", "purpose", "retainedUntil"] as const).map((column) =>
    say(`found.columns.${column}`),
  );
  return [{ kind: "table", head, rows, widths: [1.2, 1.35, 1.3, 2.3, 1] }];
}
