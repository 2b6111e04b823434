import { answerStoreLink } from "@/lib/http/answer-store-link";
import { handle } from "@/lib/http/route";

/** Signed links of a store that the portal answers for. With another store there is nothing here. */
const answer = handle(async (request, { key }) =>
  answerStoreLink(request, Array.isArray(key) ? key.join("/") : String(key)),
);

export { answer as GET, answer as HEAD, answer as PUT };
