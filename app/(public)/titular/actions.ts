"use server";

import { runPublicAction, type PublicFormState } from "@/lib/http/run-action";
import { checkCode } from "@/lib/subject-requests/public-page/check-code";
import type { Collection } from "@/lib/subject-requests/answer/collection";
import type { OwnRequest } from "@/lib/subject-requests/public-page/own-request";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { submitRequest, type SubmittedRequest } from "@/lib/subject-requests/public-page/submit-request";

type Submitted = PublicFormState<SubmittedRequest>;
type Own = PublicFormState<{ request: OwnRequest; collection?: Collection | null }>;

export async function submitRequestAction(_: Submitted, form: FormData): Promise<Submitted> {
  return runPublicAction(submitRequest, form);
}

export async function readOwnRequestAction(_: Own, form: FormData): Promise<Own> {
  return runPublicAction(readOwnRequest, form);
}

export async function sendCodeAction(_: Own, form: FormData): Promise<Own> {
  return runPublicAction(sendCode, form);
}

export async function checkCodeAction(_: Own, form: FormData): Promise<Own> {
  return runPublicAction(checkCode, form);
}
