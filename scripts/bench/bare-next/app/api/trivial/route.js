import { readFileSync } from "node:fs";

let body;

/** The bytes that the portal answers as well, by Next.js without any code of the portal. */
export const GET = () => {
  body ??= readFileSync(process.env.TRIVIAL_BODY_FILE);
  return new Response(body, {
    headers: { "content-type": "application/json", "content-length": String(body.length) },
  });
};

export const dynamic = "force-dynamic";
