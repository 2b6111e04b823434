import { knownError } from "@/lib/http/known-error";
import { publicContextOf } from "@/lib/http/request-context";
import { boundedText } from "@/lib/http/route";
import { summaryReceiptResponse } from "@/lib/http/receipt-response";
import { jobContext } from "@/lib/operation/job-context";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { followUpPage } from "@/lib/subject-requests/follow-up-page";
import { openPackage } from "@/lib/subject-requests/answer/open-package";
import { statementFile } from "@/lib/subject-requests/letter/letter-statement";
import { collectAnswerFile, type TakenFile } from "@/lib/subject-requests/answer/take-answer-file";

/** A file of an answer as a download. Certificates are issued as they are asked for, like all receipts. */
export async function answerFileResponse(file: TakenFile): Promise<Response> {
  const { kind, number } = file;
  if (kind === "certificate") {
    const context = jobContext("subject-request");
    return summaryReceiptResponse(await issueOrderReceipt(context, { orderId: file.orderId!, format: "pdf" }));
  }
  if (kind === "package") {
    const { requestId, answerId, part } = file;
    const opened = await openPackage(jobContext("subject-request"), { requestId, answerId, part });
    const suffix = opened.parts > 1 ? `-${part}` : "";
    return download(opened.stream, `custodia-${number}${suffix}.zip`, "application/zip");
  }
  if (kind === "statement") return download(file.statement, statementFile(number), "application/json");
  return download(Uint8Array.from(file.pdf), `custodia-${number}.pdf`, "application/pdf");
}

function download(body: BodyInit, name: string, contentType: string): Response {
  const headers = {
    "Content-Type": contentType,
    "Content-Disposition": `attachment; filename="${name}"`,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(body, { headers });
}

/**
 * A file for the person who entered a fresh code. Everybody acts there as nobody in particular, also who is signed in.
 * The token comes in a form, so that it is never part of an address. Whoever comes too late is led back to the page.
 */
export async function answerCollected(request: Request, collectionId: unknown): Promise<Response> {
  const form = Object.fromEntries(
    [...new URLSearchParams(await boundedText(request))].filter(([, value]) => value !== ""),
  );
  try {
    const input = { ...form, collectionId } as Parameters<typeof collectAnswerFile>[1];
    return await answerFileResponse(await collectAnswerFile(publicContextOf(request.headers), input));
  } catch (error) {
    const code = knownError(error)?.code;
    if (code !== "expired" && code !== "not_found" && code !== "invalid_input") throw error;
    return new Response(null, { status: 303, headers: { location: followUpPage() } });
  }
}
