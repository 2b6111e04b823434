import { answerStoreLink } from "@/lib/http/bytes/store-link-answer";
import { handle } from "@/lib/http/route";

/** Signed links of a store that the portal itself serves; 404 with any other store. */
const answer = handle(async (request, { key }) =>
  answerStoreLink(request, Array.isArray(key) ? key.join("/") : String(key)),
);

export { answer as GET, answer as HEAD, answer as PUT };
