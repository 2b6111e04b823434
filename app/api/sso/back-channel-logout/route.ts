import { handle } from "@/lib/http/route";
import { answerSignOnLogout } from "@/lib/http/sign-on/sign-on-routes";

export const POST = handle(answerSignOnLogout);
