import { mandateUploaded } from "@/lib/http/mandate-response";
import { handle } from "@/lib/http/route";

export const POST = handle((request) => mandateUploaded(request));
