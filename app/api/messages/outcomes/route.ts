import { outcomeRoute } from "@/lib/http/outcome-route";

export const POST = outcomeRoute;
