// The wire protocol: shapes, limits at their edges, messages, errors.
import { PersonalizeError, statusOf } from '../../src/protocol/errors';
import { type Operation, operations, type Shape } from '../../src/protocol/model';
import { permissionFor, requiredPermission } from '../../src/protocol/permissions';
import { validateInput } from '../../src/protocol/validate';
import { operationOf, serviceOf, successResponse } from '../../src/protocol/wire';
import type { HttpRequest } from '../../src/service';

const operation = (name: string): Operation => {
  const found = operations.get(name);
  if (!found) throw new Error(`no operation ${name}`);
  return found;
};

const refusal = (work: () => unknown): PersonalizeError => {
  try {
    work();
  } catch (error) {
    if (error instanceof PersonalizeError) return error;
    throw error;
  }
  throw new Error('expected an error');
};

const request = (overrides: Partial<HttpRequest>): HttpRequest => ({
  method: 'POST',
  path: '/',
  query: {},
  headers: {},
  body: Buffer.alloc(0),
  ...overrides,
});

describe('the operations', () => {
  it('are the 79 of the three services', () => {
    const count = (service: string) => [...operations.values()].filter((o) => o.service === service).length;
    expect([count('personalize'), count('personalize-events'), count('personalize-runtime')]).toEqual([
      71, 5, 3,
    ]);
  });

  it('are told apart by target header and by path', () => {
    const control = request({ headers: { 'x-amz-target': 'AmazonPersonalize.ListSchemas' } });
    expect(operationOf(control).name).toBe('ListSchemas');
    expect(serviceOf(request({ path: '/personalize-ranking' }))).toBe('personalize-runtime');
    expect(serviceOf(request({ path: '/items' }))).toBe('personalize-events');
    expect(serviceOf(request({ path: '/other' }))).toBeUndefined();
    expect(serviceOf(request({ method: 'GET', path: '/events' }))).toBeUndefined();
  });

  it('refuse unknown targets and events operations that come as a target', () => {
    for (const target of ['AmazonPersonalize.Nonsense', 'AmazonPersonalize.PutEvents']) {
      const error = refusal(() => operationOf(request({ headers: { 'x-amz-target': target } })));
      expect(error.code).toBe('UnknownOperationException');
    }
  });
});

/** A text of a given length that a pattern accepts, or undefined when this simple search finds none. */
function textOf(length: number, pattern?: RegExp): string | undefined {
  const heads = [
    '',
    'a',
    'arn:aws:personalize:r:1:',
    'arn:aws:iam::123456789012:role/',
    's3://',
    'arn:aws:kms:r:123456789012:key/',
  ];
  return heads
    .filter((head) => head.length <= length)
    .map((head) => head.padEnd(length, 'a'))
    .find((text) => !pattern || pattern.test(text));
}

const plain = (shape: Shape): unknown => {
  switch (shape.kind) {
    case 'structure':
      return Object.fromEntries(
        [...shape.members].filter(([name]) => shape.required.has(name)).map(([name, s]) => [name, plain(s)]),
      );
    case 'list':
      return Array.from({ length: shape.limits.min ?? 0 }, () => plain(shape.member));
    case 'map':
      return {};
    case 'string':
      return (
        shape.limits.enum?.[0] ?? textOf(Math.max(shape.limits.min ?? 0, 40), shape.limits.pattern) ?? ''
      );
    case 'number':
    case 'integer':
      return shape.limits.min ?? 0;
    case 'boolean':
      return true;
    case 'timestamp':
      return 0;
  }
};

describe.each([...operations.values()].map((o) => [o.name, o] as const))('%s', (_name, op) => {
  const base = plain(op.input) as Record<string, unknown>;
  const isLimit = (body: object) => refusal(() => validateInput(op, body as Record<string, unknown>)).message;

  it('takes a request with its required members and no other', () => {
    expect(() => validateInput(op, base)).not.toThrow();
  });

  it('names each required member that is missing', () => {
    for (const name of op.input.required) {
      const { [name]: _, ...rest } = base;
      expect(isLimit(rest)).toContain(
        `Value null at '${name}' failed to satisfy constraint: Member must not be null`,
      );
    }
  });

  it('holds each limit of its members at the edge', () => {
    for (const [name, shape] of op.input.members) {
      if (shape.kind === 'structure') continue;
      const { min, max, pattern } = shape.limits;
      const set = (value: unknown) => ({ ...base, [name]: value });
      if (shape.kind === 'string') {
        if (max !== undefined) {
          const longest = textOf(max, pattern);
          if (longest !== undefined) expect(() => validateInput(op, set(longest))).not.toThrow();
          expect(isLimit(set('a'.repeat(max + 1)))).toContain(`length less than or equal to ${max}`);
        }
        if (min === 1) expect(isLimit(set(''))).toContain('length greater than or equal to 1');
        if (shape.limits.enum) expect(isLimit(set('NEITHER'))).toContain('enum value set: [');
        if (pattern) expect(isLimit(set('\nß'))).toContain('regular expression pattern');
      } else if (shape.kind === 'number' || shape.kind === 'integer') {
        if (min !== undefined) {
          expect(() => validateInput(op, set(min))).not.toThrow();
          expect(isLimit(set(min - 1))).toContain(`value greater than or equal to ${min}`);
        }
        if (max !== undefined) {
          expect(() => validateInput(op, set(max))).not.toThrow();
          expect(isLimit(set(max + 1))).toContain(`value less than or equal to ${max}`);
        }
      } else if (shape.kind === 'list' && max !== undefined) {
        const list = (length: number) => set(Array.from({ length }, () => plain(shape.member)));
        expect(() => validateInput(op, list(max))).not.toThrow();
        expect(isLimit(list(max + 1))).toContain(`length less than or equal to ${max}`);
        if (min === 1) expect(isLimit(list(0))).toContain('length greater than or equal to 1');
      }
    }
  });

  it('asks for a permission of its own', () => {
    const { action, resources } = requiredPermission(op, base, { region: 'r', accountId: '123456789012' });
    expect(action).toBe(`personalize:${op.name}`);
    expect(resources.length).toBeGreaterThan(0);
  });
});

describe('validation', () => {
  it('lists all violations in one message, as AWS does', () => {
    const body = { name: 'a b', solutionVersionArn: 'x', minProvisionedTPS: 0 };
    const error = refusal(() => validateInput(operation('CreateCampaign'), body));
    expect(error.code).toBe('InvalidInputException');
    expect(error.message).toMatch(
      /^3 validation errors detected: Value 'a b' at 'name' failed .*; Value 'x' at/,
    );
  });

  it('reaches into nested members and hides sensitive values', () => {
    const body = { name: 'a', tags: [{ tagKey: '§', tagValue: 'v' }] };
    const error = refusal(() => validateInput(operation('CreateDatasetGroup'), body));
    expect(error.message).toContain("Value at 'tags.1.member.tagKey' failed to satisfy constraint");
  });

  it('answers a wrong JSON type with a SerializationException', () => {
    const error = refusal(() => validateInput(operation('ListSchemas'), { maxResults: '5' }));
    expect(error.code).toBe('SerializationException');
  });

  it('uses ValidationException where the operation declares no InvalidInputException', () => {
    const error = refusal(() => validateInput(operation('ListSchemas'), { maxResults: 0 }));
    expect(error.code).toBe('ValidationException');
  });

  it('reads timestamps as epoch seconds and ignores unknown members', () => {
    const input = validateInput(operation('PutEvents'), {
      trackingId: 't',
      sessionId: 's',
      eventList: [{ eventType: 'like', sentAt: 1542392161.837 }],
      unknown: 1,
    });
    expect(input).toEqual({
      trackingId: 't',
      sessionId: 's',
      eventList: [{ eventType: 'like', sentAt: new Date(1542392161837) }],
    });
  });
});

describe('answers', () => {
  it('carry the declared members only, dates as epoch seconds', () => {
    const record = { schemaArn: 'a', name: 'n', creationDateTime: 1542392161837, kind: 'schema', extra: 1 };
    const { body } = successResponse(operation('DescribeSchema'), { schema: record }, 'id');
    expect(JSON.parse(body.toString())).toEqual({
      schema: { schemaArn: 'a', name: 'n', creationDateTime: 1542392161.837 },
    });
  });

  it('are empty for events, an empty object for the control plane', () => {
    expect(successResponse(operation('PutEvents'), {}, 'id').body.toString()).toBe('');
    expect(successResponse(operation('DeleteSchema'), {}, 'id').body.toString()).toBe('{}');
  });

  it('have the status that the service gives to the error', () => {
    expect(statusOf('ResourceNotFoundException', 'personalize')).toBe(400);
    expect(statusOf('ResourceNotFoundException', 'personalize-runtime')).toBe(404);
    expect(statusOf('ResourceInUseException', 'personalize-events')).toBe(409);
  });
});

describe('permissions', () => {
  const account = { region: 'eu-central-1', accountId: '123456789012' };
  const ask = (name: string, body: object) =>
    requiredPermission(operation(name), body as Record<string, unknown>, account);

  it('name the resource to be made, and the role that is passed', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/R';
    expect(ask('CreateDatasetImportJob', { jobName: 'j', datasetArn: 'd', roleArn })).toEqual({
      action: 'personalize:CreateDatasetImportJob',
      resources: ['arn:aws:personalize:eu-central-1:123456789012:dataset-import-job/j', 'd'],
      passedRoleArn: roleArn,
    });
  });

  it('are needed on all resources that the service authorization reference requires, not on what is made alone', () => {
    const arn = (rest: string) => `arn:aws:personalize:eu-central-1:123456789012:${rest}`;
    const datasetGroupArn = arn('dataset-group/g');
    expect(ask('CreateDataset', { name: 'n', datasetType: 'Items', datasetGroupArn }).resources).toEqual([
      arn('dataset/g/ITEMS'),
      datasetGroupArn,
    ]);
    const solutionVersionArn = arn('solution/s/0123abcd');
    expect(ask('CreateCampaign', { name: 'c', solutionVersionArn }).resources).toEqual([
      arn('campaign/c'),
      arn('solution/s'),
    ]);
    expect(ask('CreateEventTracker', { name: 't', datasetGroupArn }).resources).toEqual([
      arn('event-tracker/*'),
      datasetGroupArn,
    ]);
    expect(ask('CreateSchema', { name: 's', schema: '{}' }).resources).toEqual([arn('schema/s')]);
  });

  it('are asked on every resource for a malformed request, which the service then refuses', () => {
    const headers = { 'x-amz-target': 'AmazonPersonalize.CreateSchema' };
    const permission = permissionFor(request({ headers, body: Buffer.from('{') }), account);
    expect(permission).toEqual({ action: 'personalize:CreateSchema', resources: ['*'] });
    expect(permissionFor(request({ path: '/nothing' }), account).action).toBe('personalize:Unknown');
  });

  it('name the campaign of a request, all resources for events and lists', () => {
    expect(ask('GetRecommendations', { campaignArn: 'c', filterArn: 'f' }).resources).toEqual(['c']);
    expect(ask('UpdateCampaign', { campaignArn: 'c', solutionVersionArn: 'v' }).resources).toEqual(['c']);
    expect(ask('PutEvents', { trackingId: 't' }).resources).toEqual(['*']);
    expect(ask('ListDatasets', { datasetGroupArn: 'g' }).resources).toEqual(['*']);
    expect(ask('PutItems', { datasetArn: 'd' }).resources).toEqual(['d']);
  });
});
