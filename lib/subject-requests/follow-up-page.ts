import { env } from "@/lib/core/env";

/** Where a person follows a request and collects its answers. The address has no protocol and no code. */
export const followUpPage = (): string => new URL("/titular/acompanhamento", env().NEXTAUTH_URL).href;
