import { nextAuthHandler } from "@/lib/http/session/next-auth-handler";

export { nextAuthHandler as GET, nextAuthHandler as POST };
