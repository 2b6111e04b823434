import { knownError } from "@/lib/http/known-error";

/** The page that a refusal leads to, by its HTTP status in the table of errors. Null: the page for a failure is shown. */
export function refusalPage(error: unknown): "password" | "sign-in" | "forbidden" | "not-found" | null {
  const known = knownError(error);
  if (known?.code === "password_change_required") return "password";
  switch (known?.status) {
    case 401:
      return "sign-in";
    case 403:
      return "forbidden";
    case 404:
    case 422:
      return "not-found";
    default:
      return null;
  }
}
