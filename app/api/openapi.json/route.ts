import { env } from "@/lib/core/env";
import { jsonAnswer } from "@/lib/http/json-answer";
import { handle } from "@/lib/http/route";
import { describeUploadApi } from "@/lib/http/openapi/upload-api";

/** Public: it says how the upload API is used, and nothing of this installation but its address. */
export const GET = handle(async () => jsonAnswer(describeUploadApi(new URL(env().NEXTAUTH_URL).origin)));
