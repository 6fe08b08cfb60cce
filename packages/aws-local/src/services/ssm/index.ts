// AWS Systems Manager Parameter Store: string parameters, and the version that the CDK's bootstrap left.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { BOOTSTRAP_VERSION, BOOTSTRAP_VERSION_PARAMETER } from '../../iam/bootstrap';
import { AwsError, type AwsService, type ServiceContext } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { type TagMap, tagList, tagMap, withoutKeys } from '../shared/tags';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
  readonly description?: string;
  readonly allowedPattern?: string;
  readonly tags?: TagMap;
}

const NAME = z.string().min(1).max(2048);
const PUT = z.object({
  Name: NAME,
  Value: z.string().min(1),
  Type: z.enum(['String', 'StringList']).default('String'),
  Overwrite: z.boolean().default(false),
  Description: z.string().max(1024).optional(),
  AllowedPattern: z.string().max(1024).optional(),
  DataType: z.literal('text', 'only the data type text is supported on localhost').optional(),
  Tier: z.literal('Standard', 'only the tier Standard is supported on localhost').optional(),
  Tags: TAG_LIST.default([]),
});
/** Nothing is encrypted here, so there is nothing to decrypt. */
const DECRYPTION = { WithDecryption: z.boolean().optional() };
const TAGGED = z.object({ ResourceType: z.literal('Parameter'), ResourceId: NAME });

/** @throws ValidationException for a name that is no name and no path */
function requirePath(name: string): void {
  if (name.startsWith('arn:') || /^[\w.-]+$|^(\/[\w.-]+)+\/?$/.test(name)) return;
  const message =
    'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';
  throw new AwsError('ValidationException', message);
}

class ParameterStore {
  private readonly parameters: StoredMap<Parameter>;

  constructor(private readonly context: ServiceContext) {
    this.parameters = context.store.map('ssm/parameters');
  }

  /** By its name or its ARN, in which each name begins with a slash; one of one level is found with and without it. */
  find(asked: string): Parameter | undefined {
    const name = asked.startsWith('arn:') ? asked.slice(asked.indexOf(':parameter/') + 10) : asked;
    const other = name.startsWith('/') ? name.slice(1) : `/${name}`;
    return this.parameters.get(name) ?? (other.includes('/', 1) ? undefined : this.parameters.get(other));
  }

  /** @throws ParameterNotFound, ValidationException */
  get(name: string): Parameter {
    requirePath(name);
    if (name === BOOTSTRAP_VERSION_PARAMETER) {
      return { name, type: 'String', value: BOOTSTRAP_VERSION, version: 1, modifiedAt: 0 };
    }
    const found = this.find(name);
    if (!found) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`, 400);
    return found;
  }

  put(input: z.output<typeof PUT>): number {
    requirePath(input.Name);
    const existing = this.parameters.get(input.Name);
    if (existing && !input.Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. Use Overwrite to replace it.',
        400,
      );
    }
    if (existing && input.Tags.length > 0) {
      throw new AwsError(
        'ValidationException',
        'Invalid request: tags and overwrite can’t be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.',
      );
    }
    if (input.AllowedPattern !== undefined && !new RegExp(input.AllowedPattern).test(input.Value)) {
      throw new AwsError(
        'ParameterPatternMismatchException',
        `Parameter value, cannot be validated against allowedPattern: ${input.AllowedPattern}`,
      );
    }
    const version = (existing?.version ?? 0) + 1;
    const modifiedAt = this.context.clock.now();
    this.parameters.put(input.Name, {
      name: input.Name,
      type: input.Type,
      value: input.Value,
      version,
      modifiedAt,
      description: input.Description ?? existing?.description,
      allowedPattern: input.AllowedPattern,
      tags: existing?.tags ?? tagMap(input.Tags),
    });
    return version;
  }

  has(name: string): boolean {
    return name === BOOTSTRAP_VERSION_PARAMETER || this.find(name) !== undefined;
  }

  delete(name: string): void {
    this.parameters.delete(this.get(name).name);
  }

  /** Below a path: directly, or at any depth. */
  byPath(path: string, isRecursive: boolean): Parameter[] {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return [...this.parameters.values()].filter(
      ({ name }) => name.startsWith(prefix) && (isRecursive || !name.slice(prefix.length).includes('/')),
    );
  }

  all(): Parameter[] {
    return [...this.parameters.values()];
  }

  changeTags(name: string, change: (tags: TagMap) => TagMap): void {
    const found = this.parameters.get(name);
    if (!found) throw new AwsError('InvalidResourceId', `The resource ID ${name} is not valid.`, 400);
    this.parameters.put(name, { ...found, tags: change(found.tags ?? {}) });
  }

  arn(name: string): string {
    if (name.startsWith('arn:')) return name;
    const { region, accountId } = this.context;
    return `arn:aws:ssm:${region}:${accountId}:parameter${name.startsWith('/') ? '' : '/'}${name}`;
  }

  describe(parameter: Parameter) {
    return {
      Name: parameter.name,
      Type: parameter.type,
      Value: parameter.value,
      Version: parameter.version,
      LastModifiedDate: new Date(parameter.modifiedAt),
      ARN: this.arn(parameter.name),
      DataType: 'text',
    };
  }
}

function operations(context: ServiceContext, store: ParameterStore): Operations {
  const check = (action: string, name: string, { principal, conditions }: Caller) =>
    context.authorize({ principal, action: `ssm:${action}`, resource: store.arn(name), context: conditions });
  return {
    GetParameter: operation(z.object({ Name: NAME, ...DECRYPTION }), ({ Name }, caller) => {
      check('GetParameter', Name, caller);
      return { Parameter: store.describe(store.get(Name)) };
    }),
    GetParameters: operation(
      z.object({ Names: z.array(NAME).min(1).max(10), ...DECRYPTION }),
      ({ Names }, caller) => {
        for (const name of Names) check('GetParameters', name, caller);
        const found = Names.filter((name) => store.has(name));
        return {
          Parameters: found.map((name) => store.describe(store.get(name))),
          InvalidParameters: Names.filter((name) => !store.has(name)),
        };
      },
    ),
    GetParametersByPath: operation(
      z.object({ Path: NAME, Recursive: z.boolean().default(false), ...DECRYPTION }),
      ({ Path, Recursive }, caller) => {
        check('GetParametersByPath', Path, caller);
        return { Parameters: store.byPath(Path, Recursive).map((parameter) => store.describe(parameter)) };
      },
    ),
    AddTagsToResource: operation(TAGGED.extend({ Tags: TAG_LIST }), ({ ResourceId, Tags }, caller) => {
      check('AddTagsToResource', ResourceId, caller);
      store.changeTags(ResourceId, (tags) => ({ ...tags, ...tagMap(Tags) }));
    }),
    RemoveTagsFromResource: operation(
      TAGGED.extend({ TagKeys: z.array(z.string()) }),
      ({ ResourceId, TagKeys }, caller) => {
        check('RemoveTagsFromResource', ResourceId, caller);
        store.changeTags(ResourceId, (tags) => withoutKeys(tags, TagKeys));
      },
    ),
    ListTagsForResource: operation(TAGGED, ({ ResourceId }, caller) => {
      check('ListTagsForResource', ResourceId, caller);
      return { TagList: tagList(store.get(ResourceId).tags) };
    }),
    DescribeParameters: operation(z.object({}), (_input, { principal, conditions }) => {
      context.authorize({
        principal,
        action: 'ssm:DescribeParameters',
        resource: '*',
        context: conditions,
      });
      const described = store.all().map((parameter) => {
        const { Value: _value, ...metadata } = store.describe(parameter);
        const { description: Description, allowedPattern: AllowedPattern } = parameter;
        return { ...metadata, Tier: 'Standard', Description, AllowedPattern };
      });
      return { Parameters: described };
    }),
    PutParameter: operation(PUT, (input, caller) => {
      check('PutParameter', input.Name, caller);
      return { Version: store.put(input), Tier: 'Standard' };
    }),
    DeleteParameter: operation(z.object({ Name: NAME }), ({ Name }, caller) => {
      check('DeleteParameter', Name, caller);
      store.delete(Name);
    }),
  };
}

export function createSsm(context: ServiceContext): AwsService {
  const store = new ParameterStore(context);
  return jsonService({
    id: 'ssm',
    version: '1.1',
    operations: operations(context, store),
  });
}
