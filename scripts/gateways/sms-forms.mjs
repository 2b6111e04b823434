import { Refusal } from "./serve-gateway.mjs";

const timeoutMs = 8_000;

const post = (url, headers, body) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });

const digits = (to) => to.replace("+", "");

/** "+5511987654321" as "11987654321". @throws Refusal for a number outside Brazil. */
function national(to) {
  if (!to.startsWith("+55")) throw new Refusal("only numbers of Brazil");
  return to.slice("+55".length);
}

/**
 * The two common forms of SMS services in Brazil. `contents`: the number with 55, errors by HTTP status (as Zenvia's
 * API v2). `receivers`: the national number, and a body that says whether it worked (as Comtele's API v2).
 */
export const smsForms = {
  contents: async ({ to, text }, { url, key, sender }) => {
    const body = { from: sender, to: digits(to), contents: [{ type: "text", text }] };
    const answer = await post(url, { "x-api-token": key }, body);
    if (answer.status === 400 || answer.status === 422) throw new Refusal(`the service refused it (${answer.status})`);
    if (!answer.ok) throw new Error("the service did not take it");
  },
  receivers: async ({ to, text }, { url, key, sender }) => {
    const answer = await post(url, { "auth-key": key }, { Sender: sender, Receivers: national(to), Content: text });
    if (!answer.ok) throw new Error("the service did not take it");
    const { Success: isTaken } = await answer.json();
    if (isTaken !== true) throw new Refusal("the service refused it");
  },
};
