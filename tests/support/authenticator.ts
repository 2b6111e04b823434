import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser";

type Cbor = number | string | Buffer | Map<number | string, Cbor>;

/** CBOR (RFC 8949) of what authenticators send: integers, bytes, texts and maps. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, each]) => [cbor(key), cbor(each)])]);
}

function head(major: number, size: number): Buffer {
  if (size < 24) return Buffer.from([(major << 5) | size]);
  if (size < 256) return Buffer.from([(major << 5) | 24, size]);
  return Buffer.from([(major << 5) | 25, size >> 8, size & 255]);
}

const sha256 = (data: string | Buffer) => createHash("sha256").update(data).digest();

/** What a hostile browser or authenticator says instead. */
export type Lies = {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  isVerified?: boolean;
  isPresent?: boolean;
  counter?: number;
  userHandle?: string | null;
  credentialId?: string;
  signature?: string;
  algorithm?: number;
  attestation?: [format: string, statement: Map<string, Cbor>];
};

/** An authenticator with one passkey (ES256), as a device that counts its uses or a synchronised one. */
export class Authenticator {
  readonly credentialId = randomBytes(32).toString("base64url");
  counter: number;
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  private readonly origin: string;
  private userHandle = "";

  constructor(origin: string, { counter = 0 } = {}) {
    this.origin = origin;
    this.counter = counter;
  }

  /** Answers `navigator.credentials.create`. @returns the answer as JSON. */
  create(options: PublicKeyCredentialCreationOptionsJSON, lies: Lies = {}): string {
    this.userHandle = options.user.id;
    const id = Buffer.from(lies.credentialId ?? this.credentialId, "base64url");
    const length = Buffer.from([id.length >> 8, id.length & 255]);
    const credential = [Buffer.alloc(16), length, id, this.publicKey(lies.algorithm)];
    const authData = Buffer.concat([this.authenticatorData(0x40, lies), ...credential]);
    const [format, statement] = lies.attestation ?? ["none", new Map<string, Cbor>()];
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ["fmt", format],
        ["attStmt", statement],
        ["authData", authData],
      ]),
    ).toString("base64url");
    const clientDataJSON = this.clientData("webauthn.create", options.challenge, lies).toString("base64url");
    return this.answer({ clientDataJSON, attestationObject, transports: ["internal", "telepathy"] }, lies);
  }

  /** Answers `navigator.credentials.get`. @returns the answer as JSON. */
  get(options: PublicKeyCredentialRequestOptionsJSON, lies: Lies = {}): string {
    if (this.counter > 0) this.counter += 1;
    const clientData = this.clientData("webauthn.get", options.challenge, lies);
    const authenticatorData = this.authenticatorData(0, lies);
    const signed = sign("sha256", Buffer.concat([authenticatorData, sha256(clientData)]), this.keys.privateKey);
    const response = {
      clientDataJSON: clientData.toString("base64url"),
      authenticatorData: authenticatorData.toString("base64url"),
      signature: lies.signature ?? signed.toString("base64url"),
      userHandle: lies.userHandle === undefined ? this.userHandle : lies.userHandle,
    };
    return this.answer(response, lies);
  }

  private answer(response: object, { credentialId: id = this.credentialId }: Lies): string {
    return JSON.stringify({ id, rawId: id, type: "public-key", response, clientExtensionResults: {} });
  }

  private clientData(type: string, challenge: string, lies: Lies): Buffer {
    const { crossOrigin = false } = lies;
    const data = { type, challenge, origin: this.origin, crossOrigin };
    return Buffer.from(JSON.stringify({ ...data, ...pick(lies, ["type", "challenge", "origin"]) }));
  }

  /** The flags say: present, verified, and for a synchronised passkey that it is backed up. */
  private authenticatorData(flags: number, lies: Lies): Buffer {
    const { isPresent = true, isVerified = true, counter = this.counter } = lies;
    const synchronised = this.counter === 0 ? 0x18 : 0;
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    const all = flags | (isPresent ? 1 : 0) | (isVerified ? 4 : 0) | synchronised;
    return Buffer.concat([sha256(lies.rpId ?? new URL(this.origin).hostname), Buffer.from([all]), counted]);
  }

  private publicKey(algorithm = -7): Buffer {
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    return cbor(
      new Map<number, Cbor>([
        ...([
          [1, 2],
          [3, algorithm],
          [-1, 1],
        ] as const),
        [-2, Buffer.from(x!, "base64url")],
        [-3, Buffer.from(y!, "base64url")],
      ]),
    );
  }
}

const pick = (lies: Lies, names: readonly (keyof Lies)[]) =>
  Object.fromEntries(names.filter((name) => lies[name] !== undefined).map((name) => [name, lies[name]]));
