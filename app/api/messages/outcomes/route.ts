import { answerOutcome } from "@/lib/http/outcome-route";
import { handle } from "@/lib/http/route";

export const POST = handle(answerOutcome);
