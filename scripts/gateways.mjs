// node scripts/gateways.mjs contents|receivers|asterisk: a small gateway for SMS or calls, beside the portal
// (docs/messages.md). It needs only this folder, `standardwebhooks` and Node.js; the company runs and changes it.
import { callByAsterisk } from "./gateways/asterisk-call.mjs";
import { serveGateway } from "./gateways/serve-gateway.mjs";
import { smsForms } from "./gateways/sms-forms.mjs";

const setting = (name, fallback) => {
  const value = process.env[name] || fallback;
  if (value !== undefined) return value;
  console.error(`${name} is not set.`);
  return process.exit(1);
};

function delivery(form) {
  if (form === "asterisk") {
    const settings = {
      channel: setting("ASTERISK_CHANNEL"),
      outgoing: setting("ASTERISK_OUTGOING", "/var/spool/asterisk/outgoing"),
      sounds: setting("ASTERISK_SOUNDS", "/var/spool/asterisk/custodia"),
      callerId: setting("ASTERISK_CALLER_ID", ""),
    };
    return (message) => callByAsterisk(message, settings);
  }
  if (!Object.hasOwn(smsForms, form)) {
    console.error("Name the form: contents, receivers or asterisk.");
    process.exit(1);
  }
  const service = { url: setting("SERVICE_URL"), key: setting("SERVICE_KEY"), sender: setting("SERVICE_SENDER", "") };
  return (message) => smsForms[form](message, service);
}

const deliver = delivery(process.argv[2] ?? "");
const secrets = setting("GATEWAY_SECRETS").split(",");
const port = Number(setting("PORT", "8090"));
serveGateway({ secrets, deliver }).listen(port, "127.0.0.1", () =>
  console.log(`The gateway listens on http://127.0.0.1:${port}/`),
);
