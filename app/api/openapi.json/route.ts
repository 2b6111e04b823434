import { env } from "@/lib/core/env";
import { writtenJson } from "@/lib/http/json-answer";
import { handle } from "@/lib/http/route";
import { describeUploadApi } from "@/lib/http/openapi/upload-api";

let written: Buffer<ArrayBuffer> | undefined;

/** Public: describes the upload API, and of this installation only its address. Written once: it takes milliseconds. */
export const GET = handle(async () => writtenJson((written ??= writeDescription())));

const writeDescription = () => Buffer.from(JSON.stringify(describeUploadApi(new URL(env().NEXTAUTH_URL).origin)));
