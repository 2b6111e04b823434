import { answerCollected } from "@/lib/http/answer-file-response";
import { handle } from "@/lib/http/route";

export const POST = handle((request, { collectionId }) => answerCollected(request, collectionId));
