import { formatDuration } from "@/lib/i18n/format";
import type { Block, Section } from "@/lib/receipts/pdf/document-text";
import { legalBasisText } from "@/lib/receipts/pdf/certificate-words";
import type { CheckedContent } from "@/lib/subject-requests/letter/letter-content";
import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";
import { dateText, mostListed } from "@/lib/subject-requests/letter/right-sections";

/** How many recordings were found, of which days, and what the person is told of each that the letter is about. */
export function foundSection(content: CheckedContent, words: LetterWords): Section {
  const { say } = words;
  const { recordings, found } = content;
  const title = say("found.title");
  const sentence = (text: string): Block => ({ kind: "text", text });
  if (!content.identity.isProved) return { title, blocks: [sentence(say("found.unproved"))] };
  if (found === null) return { title, blocks: [sentence(say("found.notSearched"))] };
  if (found.count === 0) return { title, blocks: [sentence(say("found.none"))] };
  const otherZones = recordings.some(({ timeZone }) => timeZone !== content.timeZone);
  const sentences = [say("found.some", { count: found.count, ...periodOf(found, words) })];
  if (recordings.length > 0) sentences.push(say("found.numbers"));
  if (otherZones) sentences.push(say("found.otherZones"));
  if (recordings.length > mostListed) return { title, blocks: [sentence([...sentences, say("found.many")].join(" "))] };
  return { title, blocks: [sentence(sentences.join(" ")), ...dataTable(recordings, words)] };
}

function periodOf({ from, to }: NonNullable<CheckedContent["found"]>, { calendarDay }: LetterWords) {
  if (from === null || to === null) return { period: "none", from: "", to: "" };
  return { period: from === to ? "day" : "range", from: calendarDay(from), to: calendarDay(to) };
}

function dataTable(recordings: CheckedContent["recordings"], words: LetterWords): Block[] {
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
