// Reads what a stack is to be made from, and checks it before anything begins.
import { checkCapabilities } from '../../cloudformation/capabilities';
import { checkResolvable } from '../../cloudformation/early-checks';
import type { Engine } from '../../cloudformation/engine';
import { mergeParameters } from '../../cloudformation/parameters';
import { createResolver } from '../../cloudformation/scope';
import type { StackRecord, StackSource } from '../../cloudformation/stack';
import { checkTypesStay, parseTemplate, validationError } from '../../cloudformation/template';
import { AwsError, type AwsService, type ServiceContext } from '../../service';
import type { Caller } from '../shared/operations';
import { checkSupported, type SourceInput } from './inputs';

export class Sources {
  constructor(
    private readonly context: ServiceContext,
    private readonly engine: Engine,
  ) {}

  /** Reads, checks and completes what a stack is to be made from. */
  async read(input: SourceInput, existing: StackRecord | undefined, caller: Caller): Promise<StackSource> {
    checkSupported(input);
    const template = await this.readTemplate(input, existing, caller);
    const parsed = parseTemplate(template);
    this.engine.checkTypes(parsed);
    checkCapabilities(parsed, input.Capabilities);
    if (existing) checkTypesStay(this.engine.store.resources(existing.id), parsed);
    const roleArn = input.RoleARN ?? existing?.roleArn;
    if (input.RoleARN !== undefined) this.checkRole(input.RoleARN, caller);
    const source = {
      template,
      parameters: mergeParameters(parsed, input.Parameters, existing?.parameters ?? {}),
      tags: input.Tags,
      capabilities: input.Capabilities,
      roleArn,
    };
    const { store, account, readSsm } = this.engine;
    const stack = existing ?? this.engine.newStack(input.StackName, 'REVIEW_IN_PROGRESS');
    const { scope, ssmValues } = await createResolver(stack, source, store, account, readSsm);
    checkResolvable(parsed, scope);
    return Object.keys(ssmValues).length > 0 ? { ...source, ssmValues } : source;
  }

  /** The stack as it is when a request names a role for its operations. */
  withRole(stack: StackRecord, roleArn: string | undefined, caller: Caller): StackRecord {
    if (roleArn === undefined || roleArn === stack.roleArn) return stack;
    this.checkRole(roleArn, caller);
    return this.engine.store.change(stack.id, { roleArn });
  }

  private checkRole(roleArn: string, { principal, conditions }: Caller): void {
    const service = 'cloudformation.amazonaws.com';
    this.context.authorize({
      principal,
      action: 'iam:PassRole',
      resource: roleArn,
      context: { ...conditions, 'iam:passedtoservice': service },
    });
    try {
      this.context.assumeRole(roleArn, 'AWSCloudFormation', service);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw validationError(`Role ${roleArn} is invalid or cannot be assumed`);
    }
  }

  private async readTemplate(
    input: SourceInput,
    existing: StackRecord | undefined,
    { principal }: Caller,
  ): Promise<string> {
    if (input.UsePreviousTemplate) {
      if (!existing) throw validationError(`Stack [${input.StackName}] does not exist`);
      return existing.template;
    }
    if (input.TemplateBody !== undefined) return input.TemplateBody;
    if (input.TemplateURL === undefined)
      throw validationError('Either Template URL or Template Body must be specified.');
    const { bucket, key } = parseTemplateUrl(input.TemplateURL);
    try {
      const output = await this.context
        .service<AwsService>('s3')
        .call('GetObject', { Bucket: bucket, Key: key }, principal);
      return await readText(output.Body);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw validationError(`S3 error: ${error.message} (${input.TemplateURL})`);
    }
  }
}

async function readText(body: unknown): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** The object that a template URL names, in path style or virtual-host style. */
function parseTemplateUrl(text: string): { bucket: string; key: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw validationError('S3 error: Domain name specified in <bucket_name> is not a valid S3 domain');
  }
  const path = decodeURIComponent(url.pathname).replace(/^\//, '');
  const host = /^(.+)\.s3[.-][a-z0-9.-]+$/.exec(url.hostname)?.[1];
  if (host) return { bucket: host, key: path };
  const slash = path.indexOf('/');
  if (slash < 0) throw validationError('TemplateURL must be a supported URL.');
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1) };
}
