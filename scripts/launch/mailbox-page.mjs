const channels = { email: "E-mail", sms: "SMS", voice: "Chamada · call" };

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (character) => escapes[character]);

const style = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1d2125;
    background: #fff; }
  article { border: 1px solid #c9ced4; border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0; }
  h2 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  header { color: #4b5157; }
  code { font: 600 1.25rem ui-monospace, monospace; letter-spacing: .1em; }
  p { white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0 0; }
`;

const nothing = '<p>Nenhuma mensagem ainda. <span lang="en">No message yet.</span></p>';

/**
 * A page with the messages of the demo, newest first, and the current codes of its authenticator apps. It loads itself
 * again every five seconds.
 */
export const mailboxPage = (messages, codes = []) => `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5">
<title>Mensagens da demonstração</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Mensagens da demonstração</h1>
<p>O que o portal enviaria a pessoas. Nada sai desta máquina.</p>
<p lang="en">What the portal would send to people. Nothing leaves this machine.</p>
${codes.length === 0 ? "" : authenticator(codes)}
${messages.length === 0 ? nothing : messages.map(item).join("\n")}
</main>
</body>
</html>
`;

/** In place of the telephones of the example people. */
const authenticator = (codes) => `<section>
<h2>Autenticador da demonstração · <span lang="en">Authenticator of the demo</span></h2>
<dl>
${codes.map(({ email, code }) => `<dt>${escape(email)}</dt><dd><code>${escape(code)}</code></dd>`).join("\n")}
</dl>
<p>Cada código vale uma vez e muda a cada 30 segundos.</p>
<p lang="en">Each code works once and changes every 30 seconds.</p>
</section>`;

const item = ({ at, channel, to, subject, text }) => `<article>
<header>${channels[channel]} · <time datetime="${at.toISOString()}">${at.toLocaleString("pt-BR")}</time></header>
<h2>${escape(to)}${subject ? `: ${escape(subject)}` : ""}</h2>
<p>${escape(text)}</p>
</article>`;
