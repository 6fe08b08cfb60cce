// Answers authorisation questions of all services: gathers the policies that apply, evaluates them, records the decision.
import { type AccessRequest, AwsError } from '../service';
import type { DecisionLog } from './decisions';
import type { IamDirectory } from './directory';
import { type Decision, evaluate, type NamedPolicy, type Question, rootDecision } from './evaluate';
import { globalContext } from './global-context';
import type { Context } from './match';
import { parsePolicy } from './policy';
import tagActions from './tag-actions.json';

const MAX_PARSED = 500;

/** Resource policies are parsed once per document. */
const parsedPolicies = new Map<string, NamedPolicy>();

function namedResourcePolicy(document: unknown): NamedPolicy {
  const text = typeof document === 'string' ? document : JSON.stringify(document);
  let policy = parsedPolicies.get(text);
  if (!policy) {
    policy = { name: 'resource policy', document: parsePolicy(text) };
    if (parsedPolicies.size >= MAX_PARSED) parsedPolicies.clear();
    parsedPolicies.set(text, policy);
  }
  return policy;
}

function explain(
  question: Question,
  decision: Decision & { allowed: false },
  hasResourcePolicy: boolean,
): string {
  const who = question.principal.kind === 'anonymous' ? 'Anonymous' : `User: ${question.principal.arn}`;
  const because = {
    'explicit-identity': 'with an explicit deny in an identity-based policy',
    'explicit-resource': 'with an explicit deny in a resource-based policy',
    implicit: hasResourcePolicy
      ? `because no identity-based or resource-based policy allows the ${question.action} action`
      : `because no identity-based policy allows the ${question.action} action`,
  }[decision.reason];
  return `${who} is not authorized to perform: ${question.action} on resource: ${question.resource} ${because}`;
}

export interface AuthorizerProps {
  readonly directory: IamDirectory;
  readonly decisions: DecisionLog;
  readonly region: string;
  readonly now: () => number;
}

export class Authorizer {
  constructor(private readonly props: AuthorizerProps) {}

  /** Throws AccessDenied (403) unless the policies allow the request, and its tags, if it makes something that has some. */
  readonly authorize = (request: AccessRequest): void => {
    this.ask(request);
    const tagging = (tagActions as Readonly<Record<string, string>>)[request.action];
    if (tagging !== undefined && request.context?.['aws:tagkeys'] !== undefined) {
      this.ask({ ...request, action: tagging });
    }
  };

  private ask(request: AccessRequest): void {
    const { directory, decisions, now, region } = this.props;
    const { principal } = request;
    let context: Context | undefined;
    const question: Question = {
      principal,
      action: request.action,
      resource: request.resource,
      // Made when a condition or a variable asks for it: most questions are decided without.
      get context() {
        context ??= {
          ...globalContext(principal, directory, now()),
          'aws:requestedregion': region,
          ...request.context,
        };
        return context;
      },
    };
    const resource =
      request.resourcePolicy === undefined ? undefined : namedResourcePolicy(request.resourcePolicy);
    const isAdministrator = principal.kind === 'root' || principal.kind === 'user';
    const decision = isAdministrator
      ? rootDecision(question, resource)
      : evaluate(question, principal.roleArn ? directory.policiesOf(principal.roleArn) : [], resource);
    decisions.record(question, decision, now());
    if (!decision.allowed) {
      throw new AwsError('AccessDenied', explain(question, decision, resource !== undefined), 403);
    }
  }
}
