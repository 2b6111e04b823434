import NextAuth from "next-auth";
import { nextAuthOptions } from "@/lib/http/session/next-auth-options";

type Segment = { params: Promise<{ nextauth: string[] }> };

const handler = (request: Request, segment: Segment): Promise<Response> =>
  NextAuth(nextAuthOptions())(request, segment);

export { handler as GET, handler as POST };
