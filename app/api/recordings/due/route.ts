import { readJson, route } from "@/lib/http/route";
import { countDueOnArrival } from "@/lib/uploads/count-due-on-arrival";

export const POST = route(countDueOnArrival, readJson);
