import { createHash } from "node:crypto";
import { count, eq } from "drizzle-orm";
import PDFDocument from "pdfkit";
import postgres from "postgres";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { POST } from "@/app/api/mandates/route";
import { database } from "@/lib/db/client";
import { auditEvents, subjectRequestMandateParts, subjectRequestMandates } from "@/lib/db/schema";
import { mandateResponse } from "@/lib/http/mandate-response";
import { jobContext } from "@/lib/operation/job-context";
import { takeMandate } from "@/lib/subject-requests/mandates/take-mandate";
import { mostMandateBytes } from "@/lib/subject-requests/mandates/mandate-file";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { attachMandate } from "@/lib/subject-requests/public-page/attach-mandate";
import { openMandate } from "@/lib/subject-requests/public-page/open-mandate";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { readRequest } from "@/lib/subject-requests/read-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { emptyRequests } from "@/lib/subject-requests/retention/empty-requests";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { atDate } from "../../support/at-date";
import { anybody, anotherAddress, clearLimits, requestOf, submit, type Receipt } from "../../support/public-requests";
import { processesOf } from "../../support/subject-requests";

let dpo: Person;
let pdf: Buffer;
/** A white dot. */
const jpeg = Buffer.from(
  [
    "/9j/2wBDAFBQUFBVUFpkZFp9h3iHfbmqm5uquf/I18jXyP//////////////////////////////////////////////////2wBD",
    "AVBQUFBVUFpkZFp9h3iHfbmqm5uquf/I18jXyP//////////////////////////////////////////////////wgARCAABAAED",
    "ASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAAC0H//EABQQ",
    "AQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8Af//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Af//EABQRAQAAAAAAAAAA",
    "AAAAAAAAAAD/2gAIAQMBAT8Af//Z",
  ].join(""),
  "base64",
);
const name = "Procuração de Maria Aparecida";

beforeAll(async () => {
  dpo = await person("dpo");
  pdf = await pdfOf(name);
});
beforeEach(clearLimits);

async function pdfOf(text: string): Promise<Buffer> {
  const document = new PDFDocument({ compress: false });
  document.text(text);
  document.end();
  const pieces: Buffer[] = [];
  for await (const piece of document) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** A PDF of this size: what lies behind its end is ignored by programs that show it. */
const pdfOfSize = (bytes: number) => Buffer.concat([pdf, Buffer.alloc(bytes - pdf.length, "%")]);

const ofAttorney = () => submit({ requester: "attorney", requesterName: "João Procurador" }, anotherAddress());
const accessOf = ({ protocol, followUpCode }: Receipt) => ({ protocol, followUpCode });
const attach = (receipt: Receipt, content: Buffer) =>
  attachMandate(anybody(anotherAddress()), { ...accessOf(receipt), content });
const storedOf = async (receipt: Receipt) => {
  const { id } = await requestOf(receipt);
  return database().select().from(subjectRequestMandates).where(eq(subjectRequestMandates.requestId, id));
};

/** Form fields in this order; a file has another name than its content. */
function bodyOf(access: Record<string, string>, content: Buffer | null, type = "application/pdf"): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(access)) form.append(field, value);
  if (content) form.append("mandate", new File([new Uint8Array(content)], "procuracao.pdf", { type }));
  return form;
}

function send(body: BodyInit, headers: Record<string, string> = { accept: "application/json" }): Promise<Response> {
  const init = { method: "POST", body, headers, duplex: "half" };
  return POST(new Request("https://custodia.example.com/api/mandates", init), { params: Promise.resolve({}) });
}

const reasonOf = async (response: Response) =>
  ((await response.json()) as { fields?: { reason: string }[] }).fields?.[0]?.reason;

describe("a document of representation", () => {
  it("is a PDF or JPEG, is encrypted, and reaches the DPO byte for byte", async () => {
    const receipt = await ofAttorney();
    expect(receipt.asksForAnother).toBe(true);
    for (const content of [pdf, jpeg]) {
      const response = await send(bodyOf(accessOf(receipt), content));
      expect(response.status).toBe(200);
    }
    const { id: requestId } = await requestOf(receipt);
    const { mandates } = await readRequest(contextOf(dpo.actor), { requestId });
    expect(mandates.map(({ mediaType, sizeBytes }) => [mediaType, sizeBytes])).toEqual([
      ["application/pdf", pdf.length],
      ["image/jpeg", jpeg.length],
    ]);
    expect(await everythingOf(mandates[0]!.id)).not.toMatch(/PDF-|Maria|procuracao/);
    for (const [index, content] of [pdf, jpeg].entries()) {
      const context = contextOf(dpo.actor);
      const taken = await takeMandate(context, { requestId, mandateId: mandates[index]!.id });
      const response = mandateResponse(taken, new Request("https://custodia.example.com"), context);
      expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("content-disposition")).toMatch(
        /^attachment; filename="custodia-\d{15}-\w{6}\.(pdf|jpg)"$/,
      );
      expect(response.headers.get("content-security-policy")).toContain("sandbox");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
    const kinds = (await readRequest(contextOf(dpo.actor), { requestId })).events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith("mandate"))).toEqual([
      "mandate_attached",
      "mandate_attached",
      "mandate_taken",
      "mandate_taken",
    ]);
    const events = await eventsAbout(requestId);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(["subject_request.mandate_attached", "subject_request.mandate_taken"]),
    );
    expect(JSON.stringify(events.map(({ details }) => details))).not.toMatch(/Maria|Procurador|procuracao/);
  });

  it("may have 10 MB, and not one byte more", async () => {
    const receipt = await ofAttorney();
    const response = await send(bodyOf(accessOf(receipt), pdfOfSize(mostMandateBytes + 1)));
    expect([response.status, await reasonOf(response)]).toEqual([422, "too_big"]);
    expect(await storedOf(receipt)).toEqual([]);
    const whole = pdfOfSize(mostMandateBytes);
    expect((await send(bodyOf(accessOf(receipt), whole))).status).toBe(200);
    const [mandate] = await storedOf(receipt);
    const context = contextOf(dpo.actor);
    const taken = await takeMandate(context, { requestId: mandate!.requestId, mandateId: mandate!.id });
    const sent = await mandateResponse(taken, new Request("https://custodia.example.com"), context).arrayBuffer();
    const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(sha256(Buffer.from(sent))).toBe(sha256(whole));
  });

  it("is refused in words when it is something else; nothing is kept", async () => {
    const receipt = await ofAttorney();
    const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    for (const content of [png, Buffer.from("<html><body>%PDF-</body></html>"), Buffer.from("PK\u0003\u0004")]) {
      const response = await send(bodyOf(accessOf(receipt), content));
      expect([response.status, await reasonOf(response)]).toEqual([422, "not_pdf_or_jpeg"]);
    }
    expect(await reasonOf(await send(bodyOf(accessOf(receipt), Buffer.alloc(0))))).toBe("required");
    expect(await reasonOf(await send(bodyOf(accessOf(receipt), null)))).toBe("required");
    expect(await storedOf(receipt)).toEqual([]);
  });

  it("is refused when the body is no form, has no end, or the file comes before the code", async () => {
    const receipt = await ofAttorney();
    expect((await send("{}", { accept: "application/json", "content-type": "application/json" })).status).toBe(415);
    const boundary = "multipart/form-data; boundary=b";
    const cut = `--b\r\nContent-Disposition: form-data; name="protocol"\r\n\r\n${receipt.protocol}`;
    expect((await send(cut, { accept: "application/json", "content-type": boundary })).status).toBe(422);
    const file = new FormData();
    file.append("mandate", new File([new Uint8Array(pdf)], "a.pdf"));
    for (const [field, value] of Object.entries(accessOf(receipt))) file.append(field, value);
    expect((await send(file)).status).toBe(422);
    expect(await storedOf(receipt)).toEqual([]);
  });

  it("that is cut off in the file is no error of the portal, whatever the code", async () => {
    const receipt = await ofAttorney();
    for (const access of [accessOf(receipt), accessOf({ ...receipt, followUpCode: "AAAA-AAAA-AAAA" })]) {
      const whole = await new Response(bodyOf(access, pdf)).arrayBuffer();
      const type = new TextDecoder().decode(whole).split("\r\n")[0]!.slice(2);
      const headers = { accept: "application/json", "content-type": `multipart/form-data; boundary=${type}` };
      expect((await send(whole.slice(0, -200), headers)).status).toBe(422);
    }
    expect(await storedOf(receipt)).toEqual([]);
  });

  it("stops being read once the body is far too long", async () => {
    const receipt = await ofAttorney();
    let sent = 0;
    const head = Object.entries(accessOf(receipt)).map(
      ([field, value]) => `--b\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`,
    );
    const file = `--b\r\nContent-Disposition: form-data; name="mandate"; filename="a.pdf"\r\n\r\n%PDF-`;
    const start = `${head.join("")}${file}`;
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(Buffer.from(start)),
      pull: (controller) => {
        sent += 1 << 20;
        controller.enqueue(new Uint8Array(1 << 20));
      },
    });
    const response = await send(endless, {
      accept: "application/json",
      "content-type": "multipart/form-data; boundary=b",
    });
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(6 * mostMandateBytes);
    expect(await storedOf(receipt)).toEqual([]);
  });

  it("that is sent twice at once, or again, is one document", async () => {
    const receipt = await ofAttorney();
    await Promise.all([attach(receipt, pdf), attach(receipt, pdf)]);
    await attach(receipt, pdf);
    expect(await storedOf(receipt)).toHaveLength(1);
  });

  it("has room for two others beside it", async () => {
    const receipt = await ofAttorney();
    const files = await Promise.all(["1", "2", "3"].map(pdfOf));
    for (const file of files) await attach(receipt, file);
    const { request } = await readOwnRequest(anybody(), accessOf(receipt));
    expect(request.mandates).toMatchObject({ left: 0, attached: [{}, {}, {}] });
    await expectRefusal(attach(receipt, jpeg), "invalid_input");
    await attach(receipt, files[1]!);
    expect(await storedOf(receipt)).toHaveLength(3);
  });

  it("needs the code of the request, and somebody who asks for another", async () => {
    const receipt = await ofAttorney();
    const wrong = { ...receipt, followUpCode: "AAAA-AAAA-AAAA" };
    const response = await send(bodyOf(accessOf(wrong), pdf));
    expect([response.status, await reasonOf(response)]).toEqual([422, "no_such_request"]);
    const own = await submit({}, anotherAddress());
    expect(own.asksForAnother).toBe(false);
    expect((await readOwnRequest(anybody(), accessOf(own))).request.mandates).toBeNull();
    expect(await reasonOf(await send(bodyOf(accessOf(own), pdf)))).toBe("not_a_representative");
    expect(await storedOf(receipt)).toEqual([]);
    expect(await storedOf(own)).toEqual([]);
  });

  it("is limited by address", async () => {
    const receipt = await ofAttorney();
    const address = anotherAddress();
    for (let index = 0; index < 20; index += 1) await openMandate(anybody(address), accessOf(receipt));
    await expectRefusal(openMandate(anybody(address), accessOf(receipt)), "too_many_requests");
    await openMandate(anybody(anotherAddress()), accessOf(receipt));
  });

  it("without JavaScript leads to the page, whose address has what came of it alone", async () => {
    const receipt = await ofAttorney();
    const outcome = async (content: Buffer) => {
      const response = await send(bodyOf(accessOf(receipt), content), { accept: "text/html" });
      expect(response.status).toBe(303);
      const { pathname, search } = new URL(response.headers.get("location")!);
      return pathname + search;
    };
    expect(await outcome(pdf)).toBe("/titular/acompanhamento?mandate=attached");
    expect(await outcome(Buffer.from("GIF89a"))).toBe("/titular/acompanhamento?mandate=not_pdf_or_jpeg");
    expect(await outcome(Buffer.alloc(0))).toBe("/titular/acompanhamento?mandate=required");
  });

  it("reaches nobody but the DPO, and not under another request", async () => {
    const [receipt, other] = [await ofAttorney(), await ofAttorney()];
    await attach(receipt, pdf);
    const [mandate] = await storedOf(receipt);
    const { id: requestId } = await requestOf(receipt);
    for (const role of ["auditor", "supervisor", "admin"] as const) {
      const context = contextOf((await person(role)).actor);
      await expectRefusal(takeMandate(context, { requestId, mandateId: mandate!.id }), "forbidden");
    }
    const { id: otherId } = await requestOf(other);
    const taken = takeMandate(contextOf(dpo.actor), { requestId: otherId, mandateId: mandate!.id });
    await expectRefusal(taken, "not_found");
  });
});

describe("the content of a document", () => {
  const partsOf = async (mandateId: string) => {
    const { mandateId: ofMandate } = subjectRequestMandateParts;
    const [parts] = await database()
      .select({ count: count() })
      .from(subjectRequestMandateParts)
      .where(eq(ofMandate, mandateId));
    return parts!.count;
  };
  const move = async (requestId: string, step: "withdraw" | "close", processIds?: string[]) => {
    const reason = step === "withdraw" ? "Pediu por telefone" : undefined;
    await moveRights(contextOf(dpo.actor), { requestId, step, processIds, reason });
  };

  it("goes when the last right of the request is closed, and not before; its type stays", async () => {
    const receipt = await ofAttorney();
    await attach(receipt, pdfOfSize(2_000_000));
    const { id: requestId } = await requestOf(receipt);
    const [mandate] = await storedOf(receipt);
    const [first, ...others] = (await processesOf(requestId)).map(({ id }) => id);
    expect(others.length).toBeGreaterThan(0);
    await move(requestId, "withdraw");
    await move(requestId, "close", [first!]);
    expect(await partsOf(mandate!.id)).toBe(4);
    await move(requestId, "close", others);
    expect(await partsOf(mandate!.id)).toBe(0);
    const [left] = (await readRequest(contextOf(dpo.actor), { requestId })).mandates;
    expect(left).toMatchObject({ mediaType: "application/pdf", sizeBytes: 2_000_000, purgedAt: expect.any(Date) });
    const taken = takeMandate(contextOf(dpo.actor), { requestId, mandateId: mandate!.id });
    await expectRefusal(taken, "not_found");
    const closing = (await eventsAbout(requestId)).filter(({ details }) => details.mandatesPurged !== undefined);
    expect(closing.map(({ details }) => details.mandatesPurged)).toEqual([1]);
    await expectRefusal(attach(receipt, jpeg), "invalid_input");
  });

  it("may come again after a reopening", async () => {
    const receipt = await ofAttorney();
    await attach(receipt, pdf);
    const { id: requestId } = await requestOf(receipt);
    await move(requestId, "withdraw");
    await move(requestId, "close");
    const processId = (await processesOf(requestId))[0]!.id;
    await reopenRequest(contextOf(dpo.actor), {
      requestId,
      processIds: [processId],
      reason: "Pediu de novo, por carta.",
    });
    await attach(receipt, pdf);
    expect((await storedOf(receipt)).map(({ purgedAt }) => purgedAt === null)).toEqual([false, true]);
  });

  it("goes a month after a request ended that nobody closed", async () => {
    const receipt = await ofAttorney();
    await attach(receipt, pdf);
    const { id: requestId } = await requestOf(receipt);
    await move(requestId, "withdraw");
    await emptyRequests(jobContext("request-retention"), {});
    expect((await storedOf(receipt))[0]!.purgedAt).toBeNull();
    const later = new Date(Date.now() + 31 * 24 * 3600 * 1000);
    await atDate(later, () => emptyRequests(jobContext("request-retention"), {}));
    expect((await storedOf(receipt))[0]!.purgedAt).not.toBeNull();
    expect((await requestOf(receipt)).emptiedAt).toBeNull();
    const { action } = auditEvents;
    const events = await database().select().from(auditEvents).where(eq(action, "subject_request.emptied"));
    expect(events.some(({ details }) => Number(details.mandatesPurged) >= 1)).toBe(true);
  });

  it("goes with a request that nobody proved", async () => {
    const receipt = await ofAttorney();
    await attach(receipt, pdf);
    const [mandate] = await storedOf(receipt);
    const later = new Date(Date.now() + 400 * 24 * 3600 * 1000);
    await atDate(later, () => emptyRequests(jobContext("request-retention"), {}));
    expect((await requestOf(receipt)).emptiedAt).not.toBeNull();
    expect(await partsOf(mandate!.id)).toBe(0);
  });
});

const eventsAbout = (requestId: string) =>
  database().select().from(auditEvents).where(eq(auditEvents.targetId, requestId));

/** All that the database holds of a document, as the owner reads it. */
async function everythingOf(mandateId: string): Promise<string> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  try {
    const rows = await owner`select m.*, encode(p.content_encrypted, 'escape') as content
      from subject_request_mandates m join subject_request_mandate_parts p on p.mandate_id = m.id
      where m.id = ${mandateId}`;
    expect(rows.length).toBeGreaterThan(0);
    return JSON.stringify(rows);
  } finally {
    await owner.end();
  }
}
