import type { ImportResult } from "@/scripts/recordings/import-entry";

const proxyLimit =
  "A proxy before the portal or its store refused a file for its size (HTTP 413). Set its limit to the size of your " +
  "largest recording: client_max_body_size in nginx, LimitRequestBody in Apache, the upload limit of Cloudflare or " +
  "of the ingress (nginx.ingress.kubernetes.io/proxy-body-size). Smaller files are still sent.";

/** Returns a function that says what to set when something between client and portal refuses files: once. */
export function refusalHints(say: (text: string) => void = console.error): (result: ImportResult) => void {
  let isSaid = false;
  return ({ problem }) => {
    if (isSaid || !problem?.startsWith("http_413")) return;
    isSaid = true;
    say(proxyLimit);
  };
}
