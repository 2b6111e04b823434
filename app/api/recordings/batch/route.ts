import { batchAnswer } from "@/lib/http/batch-answer";
import { readBatch, route } from "@/lib/http/route";
import { requestUploads } from "@/lib/uploads/batch/request-uploads";

export const POST = route(requestUploads, readBatch<{ recordings: unknown[] }>, (items, _request, { requestId }) =>
  batchAnswer(items, requestId, ({ created, ...body }) => ({ status: created ? 201 : 200, body })),
);
