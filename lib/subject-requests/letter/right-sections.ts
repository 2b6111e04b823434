import type { Block, Section } from "@/lib/receipts/pdf/document-text";
import { refusals, type RefusalCode } from "@/lib/subject-requests/refusals";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import type { CheckedContent, LetterDecision, LetterRight } from "@/lib/subject-requests/letter/letter-content";
import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";
import { sharingText } from "@/lib/subject-requests/letter/sharing-text";
import { rightOf } from "@/lib/subject-requests/rights";

/** One section for each right: how it ends, what was decided of each recording, and the reasons. */
export const rightSections = (content: CheckedContent, words: LetterWords): Section[] =>
  content.rights.map((right) => {
    const reasons = new Reasons(right.right);
    const ofWhole = right.decisions.filter(({ recording }) => recording === null);
    const blocks: Block[] = [
      text(normText(right, words)),
      ...ofWhole.flatMap((decision) => wholeBlocks(decision, reasons, content, words)),
      ...decisionsTable(right, reasons, content, words),
    ];
    const more = [...reasons.blocks(words), ...declaration(right, content, words), ...notes(right, content, words)];
    return { title: words.rightName(right.right), blocks: [...blocks, ...more] };
  });

/** What a full declaration says beside the data of each call (LGPD Art. 19, II). */
function declaration({ right }: LetterRight, { sharing }: CheckedContent, words: LetterWords): Block[] {
  if (right !== "full_declaration" || sharing === null) return [];
  const { say } = words;
  const items = [say("declaration.origin"), say("declaration.criteria"), say("declaration.purpose")];
  return [{ kind: "list", items: [...items, say("declaration.sharing", { text: sharingText(sharing, words) })] }];
}

/** Whoever withdraws consent is asked whether the data shall be deleted too (LGPD Art. 8, § 5). */
function notes({ right, decisions }: LetterRight, { rights }: CheckedContent, { say }: LetterWords): Block[] {
  const isStopped = right === "consent_withdrawal" && decisions.some(({ measure }) => measure === "block");
  if (!isStopped) return [];
  const asksDeletion = rights.some((other) => other.right === "deletion");
  return [text([say("right.withdrawn"), ...(asksDeletion ? [] : [say("right.askDeletion")])].join(" "))];
}

/** How a right ends, in a sentence. */
export function outcomeText({ outcome, scheduledFor }: LetterRight, { say, calendarDay }: LetterWords): string {
  if (outcome === "scheduled" && scheduledFor !== null)
    return say("outcomes.scheduledFor", { day: calendarDay(scheduledFor) });
  return say(`outcomes.${outcome}`);
}

/** How it ends, where the right stands, and its clock with the norm that it comes from. */
function normText(right: LetterRight, words: LetterWords): string {
  const { say, calendarDay } = words;
  const norm = say("right.norm", { outcome: outcomeText(right, words), article: rightOf(right.right).article });
  if (right.deadline === null) return norm;
  const { until, source } = right.deadline;
  return `${norm} ${say("right.deadline", { until: calendarDay(until), source })}`;
}

const text = (value: string): Block => ({ kind: "text", text: value });

/** The reasons of one right, each once: a thousand recordings may be kept for one fact. */
class Reasons {
  readonly #right: RequestRight;
  readonly #list: { ground: RefusalCode; fact: string }[] = [];

  constructor(right: RequestRight) {
    this.#right = right;
  }

  /** The number of a decision's reason; null if it needs none. */
  numberOf({ ground, fact }: LetterDecision): number | null {
    if (ground === null) return null;
    const at = this.#list.findIndex((known) => known.ground === ground && known.fact === (fact ?? ""));
    return at >= 0 ? at + 1 : this.#list.push({ ground, fact: fact ?? "" });
  }

  blocks({ say }: LetterWords): Block[] {
    if (this.#list.length === 0) return [];
    const items = this.#list.map(({ ground, fact }, at) => {
      // The whole copy is of Art. 19, § 3, and not of the deletion that the code is named after.
      const isCopy = ground === "not_on_consent" && this.#right === "electronic_copy";
      const why = isCopy ? say("copyNotOwed") : say(`reasons.${ground}`);
      const article = isCopy ? rightOf(this.#right).article : refusals[ground].article;
      const reason = { number: String(at + 1), why, article };
      return say("right.reasonText", { ...reason, fact }).trim();
    });
    return [text(say("right.reasons", { count: items.length })), { kind: "list", items }];
  }
}

function wholeBlocks(decision: LetterDecision, reasons: Reasons, content: CheckedContent, words: LetterWords): Block[] {
  const number = reasons.numberOf(decision);
  // A text that refuses is the fact of its reason, which is listed.
  if (decision.measure === "inform") return number === null && decision.fact ? [text(decision.fact)] : [];
  const measure = measureText(decision, content, words);
  if (number === null) return [text(words.say("right.whole", { measure }))];
  return [text(words.say("right.wholeWithReason", { measure, number: String(number) }))];
}

function decisionsTable(
  { decisions }: LetterRight,
  reasons: Reasons,
  content: CheckedContent,
  words: LetterWords,
): Block[] {
  const { say } = words;
  const dates = new Map(content.recordings.map((recording) => [recording.number, dateText(recording, words)]));
  const ofRecordings = decisions
    .filter(({ recording }) => recording !== null)
    .toSorted((left, right) => left.recording! - right.recording!)
    .map((decision) => {
      const reason = reasons.numberOf(decision);
      return [
        say("found.recording", { number: String(decision.recording) }),
        dates.get(decision.recording!)!,
        measureText(decision, content, words),
        reason === null ? say("found.unknown") : say("right.reason", { number: String(reason) }),
      ];
    });
  const rows = ofRecordings.length > mostListed ? counted(ofRecordings, words) : ofRecordings;
  if (rows.length === 0) return [];
  // A column in which nothing stands is left out: nobody is told of dates below a certain proof of identity.
  const columns = (["recording", "startedAt", "measure", "why"] as const)
    .map((name, at) => ({ name, at, width: [1.2, 1.35, 3, 0.9][at]! }))
    .filter(({ at }) => rows.some((row) => row[at] !== say("found.unknown")));
  return [
    {
      kind: "table",
      head: columns.map(({ name }) => say(`right.columns.${name}`)),
      rows: rows.map((row) => columns.map(({ at }) => row[at]!)),
      widths: columns.map(({ width }) => width),
    },
  ];
}

/** Recordings that a letter lists one by one; of more, it counts what was decided. The list of calls has each. */
export const mostListed = 2000;

/** The rows with one measure and reason as one row, with how many they are. */
function counted(rows: readonly string[][], { say }: LetterWords): string[][] {
  const groups = Map.groupBy(rows, ([, , measure, reason]) => `${measure}\n${reason}`);
  return [...groups.values()].map((group) => [
    say("found.count", { count: group.length }),
    say("found.unknown"),
    ...group[0]!.slice(2),
  ]);
}

/** When a call began, in the zone of its unit; a dash if the person is not told. */
export const dateText = (
  { startedAt, timeZone }: CheckedContent["recordings"][number],
  { say, time }: LetterWords,
): string => (startedAt === null ? say("found.unknown") : time(startedAt, timeZone));

/** What was decided, without a full stop. */
function measureText(decision: LetterDecision, { timeZone }: CheckedContent, { say, day, calendarDay }: LetterWords) {
  const { measure, audioForm, keptUntil, doneAt, isStopped, fact, goneAt, isGoing, isLifted } = decision;
  const done = doneAt === null ? "none" : day(doneAt, timeZone);
  const until = keptUntil === null ? "none" : calendarDay(keptUntil);
  if (isStopped) return say("measures.stopped");
  if (measure === "inform") return fact ?? "";
  if (measure === "deliver") return say("measures.deliver", { audio: audioForm ?? "none" });
  if (measure === "withhold") return say("measures.withhold");
  if (isGoing) return say("measures.gone", { done: "none" });
  if (goneAt !== null) return say("measures.gone", { done: day(goneAt, timeZone) });
  if (isLifted) return say("measures.lifted", { done });
  if (measure === "delete_later" && doneAt !== null) return say("measures.delete", { done });
  if (measure === "keep" || measure === "delete_later") return say(`measures.${measure}`, { until });
  const said = say(`measures.${measure}`, { done });
  return measure === "correct" && fact !== null ? `${said}. ${fact}` : said;
}
