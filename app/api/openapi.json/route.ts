import { env } from "@/lib/core/env";
import { jsonAnswer } from "@/lib/http/json-answer";
import { handle } from "@/lib/http/route";
import { describeUploadApi } from "@/lib/http/openapi/upload-api";

let described: ReturnType<typeof describeUploadApi> | undefined;

/** Public: describes the upload API, and of this installation only its address. Made once: it takes milliseconds. */
export const GET = handle(async () =>
  jsonAnswer((described ??= describeUploadApi(new URL(env().NEXTAUTH_URL).origin))),
);
