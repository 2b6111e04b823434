import { isDeepStrictEqual } from "node:util";
import { DeleteBucketPolicyCommand, GetBucketPolicyCommand, PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import {
  whyNotRequested,
  policyStatements,
  STATEMENT_PREFIX,
  type PolicyStatement,
} from "@/lib/storage-checks/provision/policy-statements";
import {
  idleStep,
  orNull,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";

const RULES = [
  ["tls_only", ["TlsOnly"]],
  ["encrypted_puts_only", ["EncryptedPutsOnly"]],
  ["right_key_only", ["RightAlgorithmOnly", "RightKeyOnly"]],
] as const satisfies Array<[S3BucketControl, string[]]>;

/** One step for each rule of the bucket policy. Any of them writes all rules, and keeps the statements of others. */
export async function policySteps(target: ProvisionTarget): Promise<ProvisionStep[]> {
  const { client, config, exists } = target;
  const facts = S3_CONTROLS[config.profile];
  if (RULES.every(([control]) => facts[control] !== null))
    return RULES.map(([control]) => idleStep(control, "cannot", facts[control]!));
  const live = exists ? await readPolicy(target) : [];
  const wanted = policyStatements(config);
  const others = live.filter((statement) => !statement.Sid?.startsWith(STATEMENT_PREFIX));
  const apply = async () => {
    const Statement = [...others, ...wanted];
    if (Statement.length === 0) return client.send(new DeleteBucketPolicyCommand({ Bucket: config.bucket }));
    return client.send(
      new PutBucketPolicyCommand({
        Bucket: config.bucket,
        Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
  };
  return RULES.map(([control, names]): ProvisionStep => {
    if (facts[control] !== null) return idleStep(control, "cannot", facts[control]);
    const idle = whyNotRequested(control, config);
    const ofRule = (statements: PolicyStatement[]) =>
      statements.filter(({ Sid }) => names.some((name) => Sid === STATEMENT_PREFIX + name)).map(comparable);
    const same = isDeepStrictEqual(ofRule(live), ofRule(wanted));
    if (idle && same) return idleStep(control, "not_asked", idle);
    return {
      control,
      found: same ? "denied by policy" : ofRule(live).length > 0 ? "another rule" : "off",
      wanted: idle ? "off" : "denied by policy",
      state: same ? "as_wanted" : "change",
      apply,
    };
  });
}

async function readPolicy({ client, config }: ProvisionTarget): Promise<PolicyStatement[]> {
  const answer = await orNull(() => client.send(new GetBucketPolicyCommand({ Bucket: config.bucket })));
  const policy = answer?.Policy
    ? (JSON.parse(answer.Policy) as { Statement?: PolicyStatement | PolicyStatement[] })
    : {};
  return policy.Statement === undefined ? [] : [policy.Statement].flat();
}

/** Servers may return one value as a list, and the principal "*" as {"AWS":"*"}. */
function comparable({ Sid, Effect, Principal, Action, Resource, Condition }: PolicyStatement): unknown {
  const principal =
    isDeepStrictEqual(Principal, { AWS: "*" }) || isDeepStrictEqual(Principal, { AWS: ["*"] }) ? "*" : Principal;
  return {
    Sid,
    Effect,
    Principal: principal,
    Action: [Action].flat(),
    Resource: [Resource].flat().toSorted(),
    Condition: unwrapped(Condition),
  };
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? unwrapped(value[0]) : value;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unwrapped(inner)]));
}
