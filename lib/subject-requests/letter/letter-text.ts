import { formatProtocol } from "@/lib/i18n/format";
import type { Block, DocumentText, Section } from "@/lib/receipts/pdf/document-text";
import { closingSections, cnpjText } from "@/lib/subject-requests/letter/closing-sections";
import { foundSection } from "@/lib/subject-requests/letter/found-section";
import type { CheckedContent } from "@/lib/subject-requests/letter/letter-content";
import type { LetterWords } from "@/lib/subject-requests/letter/letter-words";
import { outcomeText, rightSections } from "@/lib/subject-requests/letter/right-sections";
import { statementFile } from "@/lib/subject-requests/letter/letter-statement";

/**
 * The text of a letter: everything that the law asks of an answer, in plain words and without a code.
 * @param certificate subject of the certificate that signs the file; null if none does.
 */
export function letterText(content: CheckedContent, words: LetterWords, certificate: string | null): DocumentText {
  const { say, time, zone } = words;
  const { number, requester, controller, timeZone, request } = content;
  const { subjectName } = requester;
  const name = requester.name ?? (requester.capacity === "data_subject" ? subjectName : null);
  const cnpj = cnpjText(controller.cnpj);
  const isForAnother = requester.capacity !== "data_subject" && subjectName !== null;
  const numbers = { number, protocol: formatProtocol(content.protocol) };
  return {
    locale: content.locale,
    subject: say("subject"),
    sender: {
      name: controller.name,
      details: [cnpj && say("details", { cnpj }), controller.address].filter(Boolean).join(" · "),
    },
    addressee: [
      words.longDate(content.issuedAt, timeZone),
      ...(isForAnother ? [say("onBehalf", { name: subjectName })] : []),
    ],
    title: say("title"),
    number: say("number", numbers),
    lead: [
      name === null ? say("greetingUnnamed") : say("greeting", { name }),
      say("lead", { time: time(request.receivedAt, timeZone), zone: zone(timeZone), channel: request.channel }),
    ],
    sections: [
      summary(content, words),
      requested(content, words),
      foundSection(content, words),
      ...rightSections(content, words),
      ...closingSections(content, words),
      verification(content, words, certificate),
    ],
    codesNote: say("unprintable"),
    footer: {
      note: say("number", numbers),
      page: (page, count) => say("page", { page: String(page), count: String(count) }),
    },
    writtenAt: new Date(content.issuedAt),
  };
}

function summary({ rights }: CheckedContent, words: LetterWords): Section {
  const facts = rights.map((right) => [words.rightName(right.right), outcomeText(right, words)] as const);
  return { title: words.say("summary.title"), blocks: [{ kind: "facts", facts }] };
}

function requested(content: CheckedContent, words: LetterWords): Section {
  const { say, time, zone } = words;
  const { requester, identity, request, rights, timeZone } = content;
  const capacity = say(`request.capacities.${requester.capacity}`);
  const name = requester.name ?? requester.subjectName;
  const methods = identity.methods.map((method) => say(`identity.methods.${method}`));
  const isProved = say(`identity.${identity.isProved ? "proved" : methods.length > 0 ? "insufficient" : "unproved"}`);
  const facts: [string, string][] = [
    [say("request.protocol"), formatProtocol(content.protocol)],
    [
      say("request.receivedAt"),
      say("controller.at", { time: time(request.receivedAt, timeZone), zone: zone(timeZone) }),
    ],
    ...(request.reference === null ? [] : [[say("request.reference"), request.reference] as [string, string]]),
    [say("request.who"), name === null ? capacity : say("request.named", { name, capacity })],
    [say("request.rights"), rights.map(({ right }) => words.rightName(right)).join("\n")],
    [say("request.identity"), methods.length === 0 ? isProved : `${isProved}: ${methods.join("; ")}`],
  ];
  const quoted: Block[] =
    request.words === null
      ? []
      : [
          { kind: "text", text: say("request.words") },
          { kind: "quote", text: request.words },
        ];
  return { title: say("request.title"), blocks: [{ kind: "facts", facts }, ...quoted] };
}

function verification({ number }: CheckedContent, { say }: LetterWords, certificate: string | null): Section {
  const statement = statementFile(number);
  const command = `npm run receipts -- verify ${statement} --letter ${letterFile(number)} --public-key keys.pem`;
  return {
    title: say("verify.title"),
    blocks: [
      { kind: "text", text: say("verify.text", { statement }) },
      { kind: "code", text: command },
      ...(certificate === null
        ? []
        : [{ kind: "text" as const, text: say("verify.certificate", { subject: certificate }) }]),
    ],
  };
}

/** The name of a letter's file. */
export const letterFile = (number: string) => `custodia-${number}.pdf`;
