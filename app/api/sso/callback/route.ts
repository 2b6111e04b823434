import { handle } from "@/lib/http/route";
import { answerSignOnCallback } from "@/lib/http/sign-on/sign-on-routes";

export const GET = handle(answerSignOnCallback);
