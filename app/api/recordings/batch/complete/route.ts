import { batchAnswer } from "@/lib/http/batch-answer";
import { readBatch, route } from "@/lib/http/route";
import { completeUploads } from "@/lib/uploads/batch/complete-uploads";

export const POST = route(completeUploads, readBatch<{ uploads: unknown[] }>, (items, _request, { requestId }) =>
  batchAnswer(items, requestId, (body) => ({ status: 200, body })),
);
