// What IAM refuses as a policy document, in its own words and in its own order: form, version, what its older parser minds,
// statement ids, actions, resources. The order is that of recordings of the real service, in which a document with several
// faults is told one of them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
import { AwsError } from '../service';
import { isOperator } from './conditions';

/** What a document is for: a customer managed policy, one in a role, or who may take a role. */
export type DocumentKind = 'managed' | 'inline' | 'trust';

type Json = Record<string, unknown>;

const DOCUMENT_MEMBERS = ['Version', 'Id', 'Statement'];
const STATEMENT_MEMBERS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
];
/** Of each pair a statement has one. */
const ALTERNATIVES = [
  ['Action', 'NotAction'],
  ['Resource', 'NotResource'],
  ['Principal', 'NotPrincipal'],
] as const;
const PRINCIPAL_KINDS = ['AWS', 'Service', 'Federated', 'CanonicalUser'];
const CURRENT_VERSION = '2012-10-17';
const VERSIONS = ['2008-10-17', CURRENT_VERSION];

/** Characters without white space: of a managed policy, of all policies in a role, of a trust policy. AWS's quotas. */
const MOST_MANAGED = 6_144;
const MOST_INLINE = 10_240;
const MOST_TRUST = 2_048;

const PARTITIONS = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
];
const IAM_PATHS = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];
const TRUST_ACTIONS = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:SetContext',
  'sts:SetSourceIdentity',
  'sts:TagSession',
];
const LATEST_TIME = 9_223_372_036_854_775_807n;

const malformed = (message: string) => new AwsError('MalformedPolicyDocument', message);
const syntaxError = () => malformed('Syntax errors in policy.');
const legacyError = () => malformed('The policy failed legacy parsing');

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
/** A null in a list is nothing. */
const textsOf = (value: unknown): readonly string[] =>
  value === undefined ? [] : listOf(value).filter((one) => typeof one === 'string');
const isTextOrTexts = (value: unknown) =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((one) => one === null || typeof one === 'string'));
const isConditionValue = (value: unknown) =>
  listOf(value).every((one) => ['string', 'boolean', 'number'].includes(typeof one));

/** @throws MalformedPolicyDocument, LimitExceeded */
export function checkDocument(text: string, kind: DocumentKind): void {
  const document = parse(text);
  const statements = listOf(document.Statement) as readonly Json[];
  // Documents of roles may be of the older version, which is also meant by none.
  if (kind === 'managed' && document.Version !== CURRENT_VERSION) {
    throw malformed('Policy document must be version 2012-10-17 or greater.');
  }
  for (const statement of statements) checkForOlderParser(statement);
  const resourceFault = faultOfResources(statements);
  checkStatementIds(statements);
  const hasActions = (statement: Json) => isNamed(statement, 'Action') || isNamed(statement, 'NotAction');
  if (!statements.every(hasActions)) throw malformed('Policy statement must contain actions.');
  if (resourceFault !== undefined) throw malformed(resourceFault);
  for (const statement of statements) checkActions(statement);
  if (kind === 'trust') checkTrust(statements);
  else checkGrants(statements);
  checkSize(text, kind);
}

/** The policies in a role are counted together. @throws LimitExceeded */
export function checkInlineSize(roleName: string, documents: readonly string[]): void {
  const size = documents.reduce((sum, document) => sum + lengthOf(document), 0);
  if (size <= MOST_INLINE) return;
  throw new AwsError(
    'LimitExceeded',
    `Maximum policy size of ${MOST_INLINE} bytes exceeded for role ${roleName}`,
    409,
  );
}

/** White space is not counted. */
const lengthOf = (document: string) => document.replace(/\s/g, '').length;

function checkSize(text: string, kind: DocumentKind): void {
  const quota = {
    managed: ['PolicySize', MOST_MANAGED],
    trust: ['ACLSizePerRole', MOST_TRUST],
    inline: undefined,
  };
  const [name, most] = quota[kind] ?? [];
  if (most !== undefined && lengthOf(text) > Number(most)) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ${name}: ${most}`, 409);
  }
}

function parse(text: string): Json {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  const isWellFormed =
    isRecord(document) &&
    Object.keys(document).every((name) => DOCUMENT_MEMBERS.includes(name)) &&
    (document.Version === undefined || VERSIONS.includes(String(document.Version))) &&
    (document.Id === undefined || typeof document.Id === 'string') &&
    hasStatements(document.Statement);
  if (!isWellFormed) throw syntaxError();
  return document as Json;
}

const hasStatements = (value: unknown) => {
  const statements = listOf(value);
  return statements.length > 0 && statements.every(isStatement);
};

function isStatement(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).some((name) => !STATEMENT_MEMBERS.includes(name))) return false;
  if (ALTERNATIVES.some(([one, other]) => value[one] !== undefined && value[other] !== undefined))
    return false;
  const { Sid, Effect, Condition } = value;
  const lists = [value.Action, value.NotAction, value.Resource, value.NotResource];
  const principals = [value.Principal, value.NotPrincipal];
  return (
    (Sid === undefined || typeof Sid === 'string') &&
    typeof Effect === 'string' &&
    ['allow', 'deny'].includes(Effect.toLowerCase()) &&
    lists.every((list) => list === undefined || isTextOrTexts(list)) &&
    principals.every((block) => block === undefined || isPrincipalBlock(block)) &&
    (Condition === undefined || isConditionBlock(Condition))
  );
}

function isPrincipalBlock(value: unknown): boolean {
  if (value === '*') return true;
  if (!isRecord(value) || Object.keys(value).length === 0) return false;
  return Object.entries(value).every(
    ([kind, names]) => PRINCIPAL_KINDS.includes(kind) && isTextOrTexts(names),
  );
}

function isConditionBlock(value: unknown): boolean {
  if (!isRecord(value)) return false;
  return Object.entries(value).every(
    ([operator, keys]) =>
      isRecord(keys) &&
      Object.values(keys).every(isConditionValue) &&
      (isOperator(operator) || Object.keys(keys).length === 0),
  );
}

const isNamed = (statement: Json, member: string) => textsOf(statement[member]).length > 0;

/** The older parser knows one spelling of an effect, and reads times. */
function checkForOlderParser({ Effect, Condition }: Json): void {
  if (Effect !== 'Allow' && Effect !== 'Deny') throw legacyError();
  for (const [operator, keys] of Object.entries((Condition ?? {}) as Readonly<Record<string, Json>>)) {
    if (!/^(ForA(ny|ll)Values?:)?Date/.test(operator)) continue;
    if (
      !Object.values(keys)
        .flatMap(listOf)
        .every((time) => isTime(String(time)))
    )
      throw legacyError();
  }
}

/** ISO 8601, from a year alone to nine digits of a second, or seconds since the epoch. */
const ISO_DATE = /^-?\d{1,9}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?$/;
const ISO_CLOCK =
  /^(([01]?\d|2[0-3])(:[0-5]?\d(:[0-5]?\d(\.\d{1,9})?(z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)?)?)?)?$/i;

function isTime(text: string): boolean {
  if (/^\d+$/.test(text)) return BigInt(text) <= LATEST_TIME;
  const [date = '', clock = ''] = text.split(/t(.*)/i);
  return ISO_DATE.test(date) && ISO_CLOCK.test(clock);
}

/** What is wrong with the first wrong resource. @throws MalformedPolicyDocument for what the older parser cannot read */
function faultOfResources(statements: readonly Json[]): string | undefined {
  let fault: string | undefined;
  for (const statement of statements) {
    for (const resource of [...textsOf(statement.Resource), ...textsOf(statement.NotResource)]) {
      fault ??= resource === '*' ? undefined : faultOfResource(resource);
    }
  }
  return fault;
}

function faultOfResource(resource: string): string | undefined {
  const parts = resource.split(':');
  const [, partition, service, region, account, ...rest] = parts;
  if (partition === undefined) return `Resource ${resource} must be in ARN format or "*".`;
  if (partition !== '*' && !PARTITIONS.includes(partition)) {
    const path = parts.slice(5).join(':');
    const whole = [partition, service, region, account, path].map((part, index) =>
      part === undefined || (index === 4 && parts.length < 6) ? '*' : part,
    );
    return `Partition "${partition}" is not valid for resource "arn:${whole.join(':')}".`;
  }
  if (service === undefined) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  if (service === '' || (rest.length === 0 && resource.includes('::'))) throw legacyError();
  const path = rest.join(':');
  if (service === 'iam' && region) return `IAM resource ${resource} cannot contain region information.`;
  if (service === 's3' && region && !path.startsWith('accesspoint/')) {
    return `Resource ${resource} can not contain region information.`;
  }
  if (service === 'iam' && path !== '*' && !IAM_PATHS.some((start) => path.startsWith(start))) {
    return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
  }
  return undefined;
}

function checkStatementIds(statements: readonly Json[]): void {
  const ids = statements.map(({ Sid }) => Sid).filter((id) => id !== undefined && id !== '');
  if (new Set(ids).size < ids.length) {
    throw malformed('Statement IDs (SID) in a single policy must be unique.');
  }
}

function checkActions(statement: Json): void {
  for (const action of [...textsOf(statement.Action), ...textsOf(statement.NotAction)]) {
    if (action === '*') continue;
    const [vendor = '', ...rest] = action.split(':');
    if (rest.length === 0) {
      throw malformed('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
    }
    if (rest.length > 1) throw malformed('Actions/Condition can contain only one colon.');
    if (vendor !== '*' && /[^a-zA-Z0-9.-]/.test(vendor)) throw malformed(`Vendor ${vendor} is not valid`);
  }
}

function checkGrants(statements: readonly Json[]): void {
  for (const statement of statements) {
    if (statement.Principal !== undefined || statement.NotPrincipal !== undefined) {
      throw malformed('Policy document should not specify a principal.');
    }
    if (!isNamed(statement, 'Resource') && !isNamed(statement, 'NotResource')) {
      throw malformed('Policy statement must contain resources.');
    }
  }
}

function checkTrust(statements: readonly Json[]): void {
  for (const statement of statements) {
    if (statement.Resource !== undefined || statement.NotResource !== undefined) {
      throw malformed('Has prohibited field Resource');
    }
    if (statement.Principal === undefined && statement.NotPrincipal === undefined) {
      throw malformed('Missing required field Principal');
    }
    if (statement.Principal === '*') {
      throw malformed('AssumeRolepolicy contained an invalid principal: "STAR":"*".');
    }
    if (!textsOf(statement.Action).every(isTrustAction) || isNamed(statement, 'NotAction')) {
      throw malformed(
        'Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity',
      );
    }
  }
}

const isTrustAction = (action: string) =>
  action === 'sts:*' || TRUST_ACTIONS.some((known) => known.toLowerCase() === action.toLowerCase());
