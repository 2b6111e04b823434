import { AppError } from "@/lib/core/errors";
import { jsonAnswer } from "@/lib/http/json-answer";
import { knownError } from "@/lib/http/known-error";
import { readMandateForm } from "@/lib/http/mandate-form";
import { publicContextOf } from "@/lib/http/request-context";
import type { OperationContext } from "@/lib/operation/operation";
import { followUpPage } from "@/lib/subject-requests/follow-up-page";
import { readMandatePart, type TakenMandate } from "@/lib/subject-requests/mandates/take-mandate";
import { attachMandate } from "@/lib/subject-requests/public-page/attach-mandate";
import { openMandate } from "@/lib/subject-requests/public-page/open-mandate";

type Access = Parameters<typeof openMandate>[1];

/**
 * Takes a document of the public pages. A program that asks for JSON gets the documents of the request, or problem
 * details; a form without JavaScript is led to the page, whose address has what came of it and nothing else.
 */
export async function mandateUploaded(request: Request): Promise<Response> {
  const context = publicContextOf(request.headers);
  const wantsJson = request.headers.get("accept")?.includes("application/json") ?? false;
  try {
    const { fields, content } = await readMandateForm(request, async (said) => {
      await openMandate(context, said as Access);
    });
    const mandates = await attachMandate(context, { ...(fields as Access), content });
    return wantsJson ? jsonAnswer(mandates) : ledToPage("attached");
  } catch (error) {
    const known = knownError(error);
    if (wantsJson || !known || known.status >= 500) throw error;
    return ledToPage(known.details.fields?.[0]?.reason ?? known.code);
  }
}

function ledToPage(outcome: string): Response {
  const page = new URL(followUpPage());
  page.searchParams.set("mandate", outcome);
  return new Response(null, { status: 303, headers: { location: page.href } });
}

/**
 * A document as a file to keep, never as something that a browser shows: whoever attached it is a stranger. Read piece
 * by piece.
 */
export function mandateResponse(mandate: TakenMandate, _: Request, context: OperationContext): Response {
  const { mandateId, mediaType, sizeBytes, protocol } = mandate;
  let [number, left] = [0, sizeBytes];
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const part = await readMandatePart(context, { mandateId, number: (number += 1) });
      left -= part?.length ?? 0;
      if (part) controller.enqueue(part);
      else if (left === 0) controller.close();
      // The request was closed meanwhile: a download that breaks off, not a document that looks whole.
      else controller.error(new AppError("expired", "the document is gone"));
    },
  });
  const extension = mediaType === "application/pdf" ? "pdf" : "jpg";
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename="custodia-${protocol}-${mandateId.slice(-6)}.${extension}"`,
    "Content-Length": String(sizeBytes),
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(body, { headers });
}
