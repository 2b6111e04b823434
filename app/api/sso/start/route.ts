import { handle } from "@/lib/http/route";
import { answerSignOnStart } from "@/lib/http/sign-on/sign-on-routes";

export const GET = handle(answerSignOnStart);
