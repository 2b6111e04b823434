import { handle } from "@/lib/http/route";
import { answerProofStart } from "@/lib/http/sign-on/sign-on-routes";

export const GET = handle(answerProofStart);
