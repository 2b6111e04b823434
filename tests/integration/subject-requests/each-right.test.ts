import { desc, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { playbackGrants, recordings, subjectRequestAnswers, subjectRequestCodeCounts } from "@/lib/db/schema";
import { requestRights, type RequestRight } from "@/lib/db/schema/subject-request-words";
import { answerFileResponse } from "@/lib/http/answer-file-response";
import { formatProtocol } from "@/lib/i18n/format";
import names from "@/lib/i18n/messages/pt-BR/subjectRequests.json" with { type: "json" };
import { correctNumber } from "@/lib/recordings/numbers/correct-number";
import { readRecording } from "@/lib/recordings/read-recording";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { collectAnswerFile, takeAnswerFile } from "@/lib/subject-requests/answer/take-answer-file";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { decideRight } from "@/lib/subject-requests/deciding/decide-right";
import { readDecisions } from "@/lib/subject-requests/deciding/read-decisions";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import type { LetterContent } from "@/lib/subject-requests/letter/letter-content";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { checkCode } from "@/lib/subject-requests/public-page/check-code";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { registerRequest } from "@/lib/subject-requests/register-request";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import { rightOf } from "@/lib/subject-requests/rights";
import { addSharer } from "@/lib/subject-requests/sharers/add-sharer";
import { contextOf, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf } from "../../support/analysed-requests";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { describePdfPrograms, pdfText } from "../../support/pdf-programs";
import {
  anybody,
  clearLimits,
  requestOf,
  submit,
  timePassesForCodes,
  type Receipt,
} from "../../support/public-requests";
import { policyTerms } from "../../support/policies";
import { admin as administrator, policy, row, unitWithQueue } from "../../support/recordings";
import { letter, processesOf } from "../../support/subject-requests";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

let [dpo, substitute]: Person[] = [];
/** The unit of the default policy, and one whose recordings rest on consent. */
let [plain, consent]: string[] = [];
let sms: WebhookReceiver;
const as = ({ actor }: Person) => contextOf(actor);

beforeAll(async () => {
  sms = await startWebhookReceiver();
  const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  Object.assign(process.env, { SMS_GATEWAY_URL: sms.url, SMS_GATEWAY_SECRETS: secret });
  [dpo, substitute] = await Promise.all([person("dpo"), person("dpo")]);
  [plain, consent] = [(await unitWithQueue()).unitId, (await unitWithQueue()).unitId];
  await policy(3650);
  const terms = policyTerms(3650, { name: "Pesquisa", match: { unitId: consent } });
  const given = { terms: { ...terms, legalBasis: "art7_i" as const }, reason: "Teste", acknowledgedDue: 0 };
  await createRetentionPolicy(administrator(), given);
  const facts = { ...noFacts, smallAgent: undefined, legalName: "Exemplo S.A.", officerName: "Ana Encarregada" };
  await changeController(as(dpo), { ...facts, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
});
afterAll(() => sms.close());

beforeEach(async () => {
  await clearLimits();
  await database().delete(subjectRequestCodeCounts);
});

/** A request at the desk, whose right is being analysed or answered. */
type Desk = { requestId: string; processId: string; right: RequestRight; ids: string[] };
type Decide = Partial<Parameters<typeof decideRecordings>[1]>;

const decide = ({ requestId, processId }: Desk, input: Decide = {}) =>
  decideRecordings(as(dpo!), {
    ...{ requestId, processId, recordings: "undecided" as const, measure: "suggested" as const },
    ...input,
  });
const whole = ({ requestId, processId }: Desk, text: string, ground?: RefusalCode) =>
  decideRight(as(dpo!), { requestId, processId, text, ...(ground ? { ground } : {}) });

/** Saves what the form of the right begins with. */
async function suggested(desk: Desk): Promise<void> {
  const { rights } = await readDecisions(as(dpo!), { requestId: desk.requestId });
  const { text, ground } = rights.find(({ id }) => id === desk.processId)!.suggested!;
  await whole(desk, text, ground ?? undefined);
}

type Way = {
  /** Of the unit on consent instead of the plain one. */
  onConsent?: true;
  /** Recordings of the number; two unless told. */
  calls?: number;
  decide: (desk: Desk) => Promise<unknown>;
  /** Whether a second person must approve it. */
  waits?: true;
  outcome: LetterContent["rights"][number]["outcome"];
  /** What the letter says, and what it does not. */
  says: readonly string[];
  never?: readonly string[];
  /** Files beside the letter and its statement. */
  files?: readonly ("package" | "certificate")[];
  /** What else is true then. */
  done?: (desk: Desk, zip: string) => Promise<void>;
};

const fact = "O contrato 12 está em vigor.";
const refuse =
  (measure: "keep" | "withhold", ground: RefusalCode, words = fact) =>
  (desk: Desk) =>
    decide(desk, { measure, ground, fact: words });
const nothing: Way = {
  calls: 0,
  decide: suggested,
  outcome: "not_found",
  says: ["Não encontramos gravações.", "não localizamos nenhuma gravação", "não encontramos nenhuma gravação"],
};
const list: Way = {
  decide: (desk) => decide(desk),
  outcome: "granted",
  says: [
    ...["Encontramos 2 gravações, de 10/03/2026 a 11/03/2026.", "Recebida por nós", "Padrão. LGPD, art. 7º, II"],
    ...["Entregamos os dados", "planilha (CSV)", "Retire os arquivos até", "07/03/2036"],
  ],
  files: ["package"],
  done: async (_, zip) => expect(zip.match(/^.*;recebida;.*$/gm)).toHaveLength(2),
};
const sound: Way = {
  ...list,
  waits: true,
  says: ["Entregamos os dados e o áudio inteiro", "o áudio das gravações entregues", "Retire os arquivos até"],
  done: async (_, zip) => expect(zip).toContain("gravacoes/2026-03-10_10-00_00.wav"),
};
const erased: Way = {
  decide: (desk) => decide(desk, { measure: "delete" }),
  waits: true,
  outcome: "granted",
  says: ["Eliminada em", "2 gravações foram eliminadas.", "Cópias de segurança", "Certificado de eliminação: O-"],
  files: ["certificate"],
  done: async ({ ids }) => {
    for (const id of ids) expect((await row(id)).state).toBe("deleted");
  },
};
const blocked = async ({ ids }: Desk) => {
  for (const id of ids) expect((await row(id)).blockedAt).not.toBeNull();
};
const trade: Way = {
  decide: (desk) => whole(desk, "O critério é a fórmula de pontuação da empresa.", "trade_secret"),
  outcome: "refused",
  says: ["Não atendemos.", "segredo comercial ou industrial", "(LGPD, art. 19, II)", "fórmula de pontuação"],
};
const answeredBefore: Way = {
  decide: (desk) => whole(desk, "Respondemos em 02/11/2026, protocolo 20261101.000001-2.", "already_answered"),
  outcome: "refused",
  says: ["Já respondemos", "(LGPD, art. 18, § 4º, II)", "20261101.000001-2"],
};

const ways: Record<RequestRight, { granted: Way; refused: Way }> = {
  confirmation: {
    granted: {
      decide: suggested,
      outcome: "granted",
      says: ["Sim, tratamos dados pessoais seus: localizamos 2 gravações", "Encontramos 2 gravações."],
      // A code proves the use of a line: nobody is told of single calls.
      never: ["10/03/2026", "Gravação 1", "não encontramos"],
    },
    refused: nothing,
  },
  simplified_access: {
    granted: list,
    refused: {
      decide: refuse("withhold", "third_party_rights", "A chamada é de outro morador da casa."),
      outcome: "refused",
      says: ["Não entregamos", "(LGPD, art. 18, § 4º, II)", "outro morador da casa"],
    },
  },
  full_declaration: {
    granted: {
      ...sound,
      says: [...sound.says, "Origem: as próprias chamadas", "Critérios:", "Compartilhamento: Não temos registro"],
    },
    refused: {
      ...sound,
      decide: async (desk) => {
        const withheld = { measure: "withhold" as const, ground: "trade_secret" as const };
        await decide(desk, { ...withheld, recordings: [desk.ids[1]!], fact: "Revela a proposta a outro cliente." });
        await decide(desk);
      },
      outcome: "partly_granted",
      says: ["Atendemos em parte.", "Não entregamos", "(LGPD, art. 19, II)", "proposta a outro cliente"],
    },
  },
  electronic_copy: {
    granted: { ...sound, onConsent: true },
    refused: {
      decide: (desk) => decide(desk, { fact: "Gravamos por obrigação do Decreto 11.034/2022." }),
      outcome: "refused",
      says: ["cópia integral do que se usa com consentimento ou contrato", "(LGPD, art. 19, § 3º)", "Gravamos por"],
      never: ["A lei manda eliminar"],
    },
  },
  sac_recording: { granted: sound, refused: nothing },
  sac_history: { granted: list, refused: answeredBefore },
  correction: {
    granted: {
      calls: 1,
      decide: async (desk) => {
        const recordingId = desk.ids[0]!;
        const { numberRevision: revision } = await readRecording(as(dpo!), { recordingId });
        const corrected = { recordingId, revision: revision!, kind: "number" as const, number: "11 91111-2222" };
        await correctNumber(as(dpo!), corrected);
        await decide(desk, { measure: "correct", fact: "Telefone: de (11) 97001-0001 para (11) 91111-2222." });
      },
      outcome: "granted",
      says: ["Dados corrigidos em", "o áudio não se altera", "de (11) 97001-0001 para (11) 91111-2222"],
    },
    refused: {
      decide: refuse("keep", "exercise_of_rights", "O número está certo na fatura que a ação discute."),
      outcome: "refused",
      says: ["Retida", "(LGPD, art. 7º, VI; art. 11, II, d)", "na fatura que a ação discute"],
    },
  },
  unnecessary_data: {
    granted: erased,
    refused: {
      decide: async (desk) => {
        await decide(desk, { recordings: [desk.ids[0]!], measure: "block" });
        await refuse("keep", "legal_obligation", "O Decreto 11.034/2022 manda reter.")(desk);
      },
      outcome: "partly_granted",
      says: ["Atendemos em parte.", "Bloqueada em", "Retida até 08/03/2036", "(LGPD, art. 7º, II; art. 16, I)"],
      done: async ({ ids }) => expect((await row(ids[0]!)).blockedAt).not.toBeNull(),
    },
  },
  portability: {
    granted: {
      ...sound,
      says: [...sound.says, "um arquivo vCon por chamada"],
      done: async (_, zip) => expect(zip).toContain(".vcon.json"),
    },
    refused: {
      ...trade,
      decide: refuse("withhold", "trade_secret", "O critério é a fórmula de pontuação da empresa."),
    },
  },
  deletion: {
    granted: { ...erased, onConsent: true, decide: (desk) => decide(desk) },
    refused: {
      decide: (desk) => decide(desk, { fact }),
      outcome: "refused",
      says: ["Retida até 07/03/2036", "Uma lei ou norma nos obriga", "(LGPD, art. 7º, II; art. 16, I)", fact],
      never: ["eliminada em seguida", "Certificado"],
      done: async ({ ids }) => expect((await row(ids[0]!)).state).toBe("stored"),
    },
  },
  sharing_information: {
    granted: {
      decide: async (desk) => {
        await shared(desk.ids);
        await suggested(desk);
      },
      outcome: "granted",
      says: ["Fora da empresa, recebeu gravações: Oficina Exemplo.", "Exercício de direitos em processo (1 vez)"],
      never: ["não encontramos"],
    },
    refused: trade,
  },
  consent_information: {
    granted: {
      decide: suggested,
      outcome: "granted",
      says: ["Você pode não consentir.", "retemos: Pesquisa.", "Padrão (LGPD, art. 7º, II)"],
    },
    refused: answeredBefore,
  },
  consent_withdrawal: {
    granted: {
      onConsent: true,
      decide: (desk) => decide(desk),
      outcome: "granted",
      says: ["Bloqueada em", "continua válido (LGPD, art. 8º, § 5º)", "peça a eliminação e cite este protocolo"],
      done: blocked,
    },
    refused: {
      decide: (desk) => decide(desk, { fact }),
      outcome: "refused",
      says: ["Uma lei ou norma nos obriga", "(LGPD, art. 7º, II; art. 16, I)", fact],
      never: ["Desde essa data"],
    },
  },
  objection: {
    granted: { decide: (desk) => decide(desk), outcome: "granted", says: ["Bloqueada em"], done: blocked },
    refused: {
      decide: refuse("keep", "credit_protection", "Avaliação de 10/11/2026: há dívida em cobrança."),
      outcome: "refused",
      says: ["proteção do crédito", "(LGPD, art. 7º, X)", "Avaliação de 10/11/2026"],
    },
  },
  automated_review: {
    granted: {
      decide: (desk) => whole(desk, "Ana Encarregada reviu a nota da chamada, que passa de 2 para 8."),
      outcome: "granted",
      says: ["Ana Encarregada reviu a nota da chamada, que passa de 2 para 8."],
      never: ["não encontramos"],
    },
    refused: trade,
  },
};

/** Recordings that somebody downloaded, and that an earlier request named somebody outside for. */
async function shared(ids: string[]): Promise<void> {
  const { actor, userId } = dpo!;
  await database()
    .insert(playbackGrants)
    .values({
      ...{ id: newId(), kind: "download", recordingId: ids[0]!, userId, sessionId: actor.sessionId },
      ...{ purpose: "legal_defence", reference: "1", delivery: "gateway", sizeBytes: 64 },
      ...{ expiresAt: new Date(), bytesSent: "{[0,64)}" },
    });
  const number = (await readRecording(as(dpo!), { recordingId: ids[0]! })).number!;
  const { requestId, processes } = await analysed(dpo!, number, ["objection"]);
  await decideRecordings(as(dpo!), {
    ...{ requestId, processId: processes.objection!, recordings: "undecided", measure: "block" },
  });
  const recipient = "Oficina Exemplo";
  await addSharer(as(dpo!), { requestId, taskId: newId(), measure: "blocking", recipient });
}

/** A code to the line of the request, as it reaches the person's phone. */
async function freshCode(receipt: Receipt): Promise<{ target: string; oneTimeCode: string }> {
  await timePassesForCodes("25 hours");
  const { request } = await readOwnRequest(anybody(), receipt);
  const { target } = request.addresses.find(({ channels }) => channels.includes("sms"))!;
  await sendCode(anybody(), { ...receipt, target, channel: "sms" });
  await workOff("message");
  const { data } = JSON.parse(sms.received.at(-1)!.body) as { data: { text: string } };
  return { target, oneTimeCode: /^\d{6}/.exec(data.text)![0] };
}

/** What the person sends by the form, and proves by the code that reaches the line. */
async function asked(right: RequestRight, number: string, input: Parameters<typeof submit>[0] = {}) {
  const words = "Quero saber o que vocês fazem com as minhas chamadas.";
  const receipt = await submit({ numbers: number, rights: [right], words, ...input });
  const { id: requestId } = await requestOf(receipt);
  await checkCode(anybody(), { ...receipt, ...(await freshCode(receipt)) });
  const [process] = await processesOf(requestId);
  return { receipt, requestId, processId: process!.id, state: process!.state };
}

/** Identity, search and analysis, as far as the right needs them. */
async function brought({ requestId, state }: { requestId: string; state: string }, found: number): Promise<void> {
  const note = "Confirmou o dia e o assunto das chamadas";
  if (state === "received") await moveRights(as(dpo!), { requestId, step: "start" });
  if (state !== "triage")
    await confirmIdentity(as(dpo!), { requestId, checkId: newId(), method: "code_and_facts", note });
  await findRecordings(as(dpo!), { requestId });
  const reason = "Confirmado com o titular";
  if (found > 0) await decideMatches(as(dpo!), { requestId, decision: "included", recordings: "all_exact", reason });
  await moveRights(as(dpo!), { requestId, step: "analyse" });
}

/** Sent, approved where it must be, and done as a running portal does within seconds. */
async function carriedOut({ requestId, processId }: Desk, waits: boolean): Promise<void> {
  expect(await submitDecision(as(dpo!), { requestId, processId })).toMatchObject({ waits });
  if (waits) {
    const approvalId = (await approvalOf(processId)).id;
    await decideRequestApproval(as(substitute!), { approvalId, decision: "approved", reason: "Conferido por mim" });
  }
  for (let turn = 0; turn < 3; turn += 1) {
    await workOff("subject_request", "deletion_order");
    await jobsTurnComes();
  }
}

async function issued(requestId: string) {
  const { answerId } = await issueAnswer(as(dpo!), { requestId });
  const { contentEncrypted, requestId: ofRequest, id } = subjectRequestAnswers;
  const [answer] = await database()
    .select({ contentEncrypted })
    .from(subjectRequestAnswers)
    .where(eq(ofRequest, requestId))
    .orderBy(desc(id));
  const content = JSON.parse(
    decryptField("subject_request.answer_content", answer!.contentEncrypted!),
  ) as LetterContent;
  const { pdf } = await takeAnswerFile(as(dpo!), { requestId, answerId, kind: "letter" });
  return { answerId, content, pdf, text: await pdfText(pdf) };
}

/** What the person collects by protocol and a fresh code. */
async function collected(receipt: Receipt, answerId: string) {
  const { collection } = await checkCode(anybody(), { ...receipt, ...(await freshCode(receipt)) });
  const { files } = collection!.answers.find(({ id }) => id === answerId)!;
  const take = (kind: (typeof files)[number]["kind"]) => {
    const { id: collectionId, token } = collection!;
    return collectAnswerFile(anybody(), { collectionId, token, answerId, kind });
  };
  const hasPackage = files.some(({ kind }) => kind === "package");
  const zip = hasPackage ? await (await answerFileResponse(await take("package"))).arrayBuffer() : new ArrayBuffer();
  return { kinds: files.map(({ kind }) => kind), pdf: (await take("letter")).pdf, zip: Buffer.from(zip).toString() };
}

/** What every letter says (LGPD Art. 18, §§ 1, 4, 5 and 8). */
function expectLetter(text: string, right: RequestRight, { protocol }: { protocol: string }): void {
  const { article, clock } = rightOf(right);
  for (const part of [formatProtocol(protocol), names.rights[right], article, clock.source, "Ana Encarregada"])
    expect(text).toContain(part);
  expect(text).toMatch(/Prazo: até \d{2}\/\d{2}\/20\d{2} \(/);
  expect(text).toContain("gratuita (LGPD, art. 18, § 5º)");
  expect(text).toContain("Agência Nacional de Proteção de Dados");
  expect(text).toContain("Procon");
  expect(text).not.toMatch(/[a-z]{3,}_[a-z]{3,}/);
  // Of two proofs with a code the better one.
  expect(text.split("código enviado ao telefone").length).toBeLessThan(3);
}

describePdfPrograms("from the public form to the letter that is collected", () => {
  const table = requestRights.flatMap((right) => [
    [right, "granted", ways[right].granted] as const,
    [right, "refused", ways[right].refused] as const,
  ]);

  it.each(table)("%s, %s", async (right, _, way) => {
    const number = freshNumber();
    const { calls = 2, onConsent, waits = false, outcome, says, never = [], files = [] } = way;
    const ids = await recordingsOf(
      number,
      onConsent ? consent! : plain!,
      Array.from({ length: calls }, () => ({})),
    );
    // As the disk has them: without versions.
    const asOnDisk = { objectVersionId: null, objectEtag: null };
    await database().update(recordings).set(asOnDisk).where(inArray(recordings.id, ids));
    const request = await asked(right, number);
    await brought(request, ids.length);
    const { receipt, requestId } = request;
    const desk = { requestId, processId: request.processId, right, ids };
    await way.decide(desk);
    await carriedOut(desk, waits);
    const { answerId, content, pdf, text } = await issued(requestId);
    expect(content.rights).toMatchObject([{ right, outcome }]);
    expect(content.found?.count).toBe(ids.length);
    expectLetter(text, right, receipt);
    for (const part of [...says, "Quero saber o que vocês fazem com as minhas chamadas."]) expect(text).toContain(part);
    for (const part of [...never, ...ids]) expect(text).not.toContain(part);
    expect(await processesOf(requestId)).toMatchObject([{ state: "answered", outcome }]);
    const taken = await collected(receipt, answerId);
    expect(taken.kinds).toEqual(["letter", "statement", ...files]);
    expect(taken.pdf.equals(pdf)).toBe(true);
    await way.done?.(desk, taken.zip);
  });

  it("another agent has the data: the letter names it, and says nothing of a search", async () => {
    const { receipt, requestId } = await asked("objection", freshNumber());
    const reason = "A Cobranças Silva S.A. grava estas chamadas: privacidade@silva.example.";
    await moveRights(as(dpo!), { requestId, step: "forward", reason });
    const { answerId, text, content } = await issued(requestId);
    expect(content).toMatchObject({ found: null, rights: [{ outcome: "refused" }] });
    expectLetter(text, "objection", receipt);
    for (const part of [reason, "(LGPD, art. 18, § 4º, I)", "não foi preciso procurar"]) expect(text).toContain(part);
    expect(text).not.toContain("não encontramos nenhuma");
    expect((await collected(receipt, answerId)).kinds).toEqual(["letter", "statement"]);
  });

  it("a code alone does not prove who asks for the calls: the letter tells nothing of them", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{}]);
    const { receipt, requestId } = await asked("simplified_access", number);
    await moveRights(as(dpo!), { requestId, step: "start" });
    const reason = "Os fatos informados não são os das chamadas.";
    await moveRights(as(dpo!), { requestId, step: "fail_identity", reason });
    const { text, content } = await issued(requestId);
    expect(content).toMatchObject({ found: null, recordings: [], identity: { isProved: false, methods: ["code"] } });
    expectLetter(text, "simplified_access", receipt);
    for (const part of [reason, "Insuficiente para o que foi pedido", "não podemos dizer se existem gravações"])
      expect(text).toContain(part);
    expect(text).toContain("(LGPD, art. 18, § 3º; art. 6º, VII)");
    expect(text).not.toMatch(/Encontramos|não encontramos/);
  });

  it("an attorney without a mandate is told so, and of whom they ask nothing", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{}]);
    const who = { requester: "attorney" as const, requesterName: "João Procurador" };
    const { requestId } = await asked("deletion", number, who);
    await moveRights(as(dpo!), { requestId, step: "start" });
    const reason = "A procuração pedida em 10/11/2026 não veio.";
    await moveRights(as(dpo!), { requestId, step: "fail_identity", reason });
    const { text } = await issued(requestId);
    for (const part of ["Olá, João Procurador.", "não mostrou que pode agir", "(LGPD, art. 18, § 3º)", reason])
      expect(text).toContain(part);
    expect(text).not.toMatch(/Encontramos|não encontramos/);
  });

  it("an order of the ANPD is carried out by its number and day", async () => {
    const number = freshNumber();
    const ids = await recordingsOf(number, plain!, [{}]);
    const order = { channel: "anpd_order" as const, authorityReference: "00261.000123/2026-45" };
    const input = letter({
      ...{ ...order, orderedDueOn: "2099-03-10", rights: ["unnecessary_data"], answerChannel: "letter" },
      ...{ identifiers: [{ kind: "number", value: number }], answerAddress: "Brasília", answerForm: "printed" },
    });
    const { requestId } = await registerRequest(as(dpo!), input);
    const [process] = await processesOf(requestId);
    await moveRights(as(dpo!), { requestId, step: "start" });
    const note = "Ofício assinado pela ANPD com ICP-Brasil";
    await confirmIdentity(as(dpo!), { requestId, checkId: newId(), method: "signature", note });
    await brought({ requestId, state: "triage" }, 1);
    const desk = { requestId, processId: process!.id, right: "unnecessary_data" as const, ids };
    await decide(desk, { measure: "block" });
    await carriedOut(desk, false);
    const { text } = await issued(requestId);
    for (const part of [
      "00261.000123/2026-45",
      "por meio da ANPD",
      "Prazo: até 10/03/2099 (Prazo fixado",
      "Bloqueada em",
    ])
      expect(text).toContain(part);
    await blocked(desk);
  });
});
