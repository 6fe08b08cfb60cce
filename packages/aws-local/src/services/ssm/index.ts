// AWS Systems Manager Parameter Store: string parameters, and the version that the CDK's bootstrap left.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { BOOTSTRAP_VERSION, BOOTSTRAP_VERSION_PARAMETER } from '../../iam/bootstrap';
import { AwsError, type AwsService, type ServiceContext } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { type Caller, type Operations, operation } from '../shared/operations';

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly version: number;
  readonly modifiedAt: number;
}

const NAME = z.string().min(1).max(2048);
const PUT = z.object({
  Name: NAME,
  Value: z.string().min(1),
  Type: z.enum(['String', 'StringList']).default('String'),
  Overwrite: z.boolean().default(false),
  Description: z.string().optional(),
});

class ParameterStore {
  private readonly parameters: StoredMap<Parameter>;

  constructor(private readonly context: ServiceContext) {
    this.parameters = context.store.map('ssm/parameters');
  }

  get(name: string): Parameter {
    if (name === BOOTSTRAP_VERSION_PARAMETER) {
      return { name, type: 'String', value: BOOTSTRAP_VERSION, version: 1, modifiedAt: 0 };
    }
    const found = this.parameters.get(name);
    if (!found) throw new AwsError('ParameterNotFound', `Parameter ${name} not found.`, 400);
    return found;
  }

  put(input: z.output<typeof PUT>): number {
    const existing = this.parameters.get(input.Name);
    if (existing && !input.Overwrite) {
      throw new AwsError(
        'ParameterAlreadyExists',
        'The parameter already exists. Use Overwrite to replace it.',
        400,
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
    });
    return version;
  }

  delete(name: string): void {
    this.get(name);
    this.parameters.delete(name);
  }

  byPath(path: string): Parameter[] {
    return [...this.parameters.values()].filter(({ name }) => name.startsWith(path));
  }

  arn(name: string): string {
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
    GetParameter: operation(z.object({ Name: NAME }), ({ Name }, caller) => {
      check('GetParameter', Name, caller);
      return { Parameter: store.describe(store.get(Name)) };
    }),
    GetParametersByPath: operation(z.object({ Path: NAME }), ({ Path }, caller) => {
      check('GetParametersByPath', Path, caller);
      return { Parameters: store.byPath(Path).map((parameter) => store.describe(parameter)) };
    }),
    DescribeParameters: operation(z.object({}), (_input, { principal, conditions }) => {
      context.authorize({
        principal,
        action: 'ssm:DescribeParameters',
        resource: '*',
        context: conditions,
      });
      const described = store.byPath('').map((parameter) => {
        const { Value: _value, ...metadata } = store.describe(parameter);
        return metadata;
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
