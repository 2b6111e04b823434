import { useState, type FormEvent } from "react";
import type { ErrorCode, FieldProblem } from "@/lib/core/errors";
import type { ActionState } from "@/lib/http/run-action";
import type { OwnMandates } from "@/lib/subject-requests/mandates/own-mandates";

export type MandateState = ActionState<OwnMandates>;

/** Where the form is sent, also without JavaScript. */
export const mandateAddress = "/api/mandates";

/**
 * Sends a document and says how far it is. Not by a server action: these take whole bodies, and tell nothing of what is
 * under way.
 */
export function useMandateUpload(shown: OwnMandates) {
  const [state, setState] = useState<MandateState>({ status: "idle" });
  /** After a success, what the portal then had; also after a later refusal. */
  const [mandates, setMandates] = useState(shown);
  /** Null: nothing is under way. */
  const [percent, setPercent] = useState<number | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (percent !== null) return;
    const form = event.currentTarget;
    const file = form.querySelector<HTMLInputElement>('input[type="file"]')?.files?.[0];
    if (!file) return setState(refused([{ path: "mandate", reason: "required" }]));
    if (file.size > shown.mostBytes) return setState(refused([{ path: "mandate", reason: "too_big" }]));
    setPercent(0);
    const settled = await send(new FormData(form), setPercent);
    setPercent(null);
    setState(settled);
    if (settled.status !== "done") return;
    setMandates(settled.result);
    form.reset();
  };
  return { state, mandates, percent, submit };
}

const refused = (fields: FieldProblem[], code: ErrorCode = "invalid_input"): MandateState => ({
  ...{ status: "failed", code, fields, requestId: "" },
});

function send(form: FormData, onProgress: (percent: number) => void): Promise<MandateState> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", mandateAddress);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.floor((100 * loaded) / Math.max(1, total)));
    request.onload = () => resolve(answerOf(request));
    request.onerror = () => resolve(refused([], "unavailable"));
    request.send(form);
  });
}

function answerOf(request: XMLHttpRequest): MandateState {
  const answer: unknown = request.response;
  if (request.status === 200) return { status: "done", result: answer as OwnMandates, token: String(Date.now()) };
  const { code = "unavailable", fields = [], requestId = "" } = (answer ?? {}) as Partial<Problem>;
  const retryAfterSeconds = Number(request.getResponseHeader("Retry-After") ?? 0);
  return { status: "failed", code, fields, requestId, retryAfterSeconds };
}

type Problem = { code: ErrorCode; fields: FieldProblem[]; requestId: string };
