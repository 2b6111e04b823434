import { phoneText } from "@/lib/core/numbers/phone-text";
import { presentTaxId } from "@/lib/core/tax-id";
import { formatProtocol } from "@/lib/i18n/format";
import type { Block, Section } from "@/lib/receipts/pdf/document-text";
import type { CheckedContent } from "@/lib/subject-requests/letter/letter-content";
import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";

const list = (items: readonly string[]): Block => ({ kind: "list", items });
const text = (value: string): Block => ({ kind: "text", text: value });

/** What is delivered, what is deleted, who was told, and what the person can do. */
export const closingSections = (content: CheckedContent, words: LetterWords): Section[] => [
  ...delivery(content, words),
  ...deletions(content, words),
  ...sharers(content, words),
  disagreement(content, words),
  controller(content, words),
];

function delivery({ delivery: delivered }: CheckedContent, { say, calendarDay }: LetterWords): Section[] {
  if (delivered === null) return [];
  const { formats, channel, collectUntil } = delivered;
  const how =
    collectUntil === null
      ? say("delivery.sent", { channel })
      : say("delivery.collect", { until: calendarDay(collectUntil) });
  const items = formats.map((format) => say(`delivery.formats.${format}`));
  return [{ title: say("delivery.title"), blocks: [list(items), text(how)] }];
}

function deletions({ rights, backupDays, certificates }: CheckedContent, { say, calendarDay }: LetterWords): Section[] {
  const going = rights
    .flatMap(({ decisions }) => decisions)
    .filter(({ measure, recording }) => ["delete", "delete_later", "anonymise"].includes(measure) && recording);
  // A recording that goes for two rights goes once, at the later time: what keeps it keeps it for both.
  const endOf = (decision: (typeof going)[number]) => {
    if (decision.doneAt !== null) return "done";
    if (decision.isStopped) return "unknown";
    return decision.measure === "delete_later" ? (decision.keptUntil ?? "unknown") : "soon";
  };
  const ends = new Map<number, string>();
  for (const decision of going) {
    const [end, before] = [endOf(decision), ends.get(decision.recording!)];
    if (before === undefined || end === "done" || (before !== "done" && isLater(end, before)))
      ends.set(decision.recording!, end);
  }
  if (ends.size === 0) return [];
  const counts = new Map<string, number>();
  for (const end of ends.values()) counts.set(end, (counts.get(end) ?? 0) + 1);
  const items = [...counts]
    .toSorted(([left], [right]) => order(left).localeCompare(order(right)))
    .map(([end, count]) =>
      end === "done" || end === "soon" || end === "unknown"
        ? say(`deletions.${end}`, { count })
        : say("deletions.later", { count, until: calendarDay(end) }),
    );
  const named = certificates.length === 0 ? [] : [{ count: certificates.length, numbers: certificates.join(", ") }];
  return [
    {
      title: say("deletions.title"),
      blocks: [
        list(items),
        text(`${say("deletions.what")} ${say("deletions.backups", { days: backupDays })}`),
        ...named.map((values) => text(say("deletions.certificates", values))),
      ],
    },
  ];
}

/** Done, soon, by day, unknown. */
const order = (end: string) => ({ done: "0", soon: "1", unknown: "9" })[end] ?? `2${end}`;
const isLater = (end: string, before: string) => order(end) > order(before);

function sharers(
  { sharers: told, isAskingSharers, rights, timeZone }: CheckedContent,
  { say, day }: LetterWords,
): Section[] {
  const changes = rights
    .flatMap(({ decisions }) => decisions)
    .some(({ measure }) => ["delete", "anonymise", "block", "correct"].includes(measure));
  if (told.length === 0 && !changes && !isAskingSharers) return [];
  const items = told.map(({ name, measure, notifiedAt, reason }) => {
    if (notifiedAt !== null) return say("sharers.told", { name, measure, day: day(notifiedAt, timeZone) });
    return reason === null
      ? say("sharers.untold", { name, measure })
      : say("sharers.impossible", { name, measure, reason });
  });
  const known = items.length === 0 ? [] : [text(say("sharers.why")), list(items)];
  const asking = isAskingSharers ? [text(say("sharers.asking"))] : [];
  const blocks = known.length + asking.length === 0 ? [text(say("sharers.none"))] : [...known, ...asking];
  return [{ title: say("sharers.title"), blocks }];
}

function disagreement({ protocol }: CheckedContent, { say }: LetterWords): Section {
  const items = [
    say("disagree.company", { protocol: formatProtocol(protocol) }),
    say("disagree.anpd"),
    say("disagree.consumer"),
  ];
  return { title: say("disagree.title"), blocks: [list(items), text(`${say("disagree.protected")} ${say("free")}`)] };
}

function controller({ controller: company, officer, issuedAt, timeZone }: CheckedContent, words: LetterWords): Section {
  const { say, time, zone } = words;
  const contact = [officer.name, officer.email, officer.phone && phoneText(officer.phone)].filter(Boolean).join(" · ");
  const facts: [string, string | null][] = [
    [say("controller.name"), company.name],
    [say("controller.cnpj"), cnpjText(company.cnpj)],
    [say("controller.address"), company.address],
    [officer.name === null ? say("controller.channel") : say("controller.officer"), contact],
    [say("controller.issuedAt"), say("controller.at", { time: time(issuedAt, timeZone), zone: zone(timeZone) })],
  ];
  const known = facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
  return { title: say("controller.title"), blocks: [{ kind: "facts", facts: known }] };
}

/** "11.222.333/0001-81"; null if there is none. */
export const cnpjText = (cnpj: string | null) => cnpj && (presentTaxId({ kind: "cnpj", value: cnpj }, true) ?? cnpj);
