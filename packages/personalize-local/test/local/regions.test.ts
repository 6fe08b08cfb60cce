// Regions: a request's resources are those of the region that it is signed for. And calls in process, which have no HTTP.
import {
  CreateSchemaCommand,
  DescribeDatasetGroupCommand,
  DescribeSchemaCommand,
  ListSchemasCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { PersonalizeError } from '../../src';
import { ACCOUNT, errorOf, type Harness, REGION, startHarness } from './harness';
import { makeSchema, SCHEMAS } from './world';

const SEOUL = 'ap-northeast-2';

let h: Harness;
beforeEach(async () => {
  h = await startHarness();
});
afterEach(() => h.stop());

const clientIn = (region: string) =>
  new PersonalizeClient({
    endpoint: h.url,
    region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

describe('a region', () => {
  it('has a namespace of its own, and its name in the ARNs', async () => {
    const seoul = clientIn(SEOUL);
    const here = await makeSchema(h, 'same', SCHEMAS.INTERACTIONS);
    const made = await seoul.send(new CreateSchemaCommand({ name: 'same', schema: SCHEMAS.INTERACTIONS }));
    expect(here).toBe(`arn:aws:personalize:${REGION}:${ACCOUNT}:schema/same`);
    expect(made.schemaArn).toBe(`arn:aws:personalize:${SEOUL}:${ACCOUNT}:schema/same`);
    const listed = await seoul.send(new ListSchemasCommand({}));
    expect(listed.schemas?.map(({ schemaArn }) => schemaArn)).toEqual([made.schemaArn]);
    const foreign = await errorOf(seoul.send(new DescribeSchemaCommand({ schemaArn: here })));
    expect(foreign.name).toBe('ResourceNotFoundException');
    expect(h.service.statusPage()).toContain(made.schemaArn);
    seoul.destroy();
  });

  it('goes on after a restart with what was under way there', async () => {
    await h.service.call('CreateDatasetGroup', { name: 'far' }, SEOUL);
    const { dir } = h;
    await h.stop({ keep: true });
    h = await startHarness({ dir });
    const seoul = clientIn(SEOUL);
    const datasetGroupArn = `arn:aws:personalize:${SEOUL}:${ACCOUNT}:dataset-group/far`;
    await h.until(async () => {
      const described = await seoul.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
      return described.datasetGroup?.status === 'ACTIVE';
    }, 'the dataset group');
    seoul.destroy();
  });
});

describe('a call in process', () => {
  it('is named by its operation alone, and answers as the wire does', async () => {
    const made = await h.service.call('CreateSchema', { name: 'called', schema: SCHEMAS.INTERACTIONS });
    expect(made).toEqual({ schemaArn: `arn:aws:personalize:${REGION}:${ACCOUNT}:schema/called` });
    const { schema } = await h.service.call('DescribeSchema', made);
    expect(schema).toMatchObject({ name: 'called', creationDateTime: Date.UTC(2026, 0, 1) / 1000 });
    expect(h.service.permissionOf('DescribeSchema', made)).toEqual({
      action: 'personalize:DescribeSchema',
      resources: [made.schemaArn],
      passedRoleArn: undefined,
    });
  });

  it.each([
    ['CreateSchema', { name: 'called' }, 'InvalidInputException'],
    [
      'PutEvents',
      { trackingId: 't', sessionId: 's', eventList: [{ eventType: 'x' }] },
      'InvalidInputException',
    ],
    ['CreateNothing', {}, 'UnknownOperationException'],
  ])('%s of %j ends in an error with AWS’s code', async (operation, input, code) => {
    const error = await errorOf(h.service.call(operation, input));
    expect(error).toBeInstanceOf(PersonalizeError);
    expect(error.name).toBe(code);
  });

  it('meets the faults that were asked for', async () => {
    h.service.setFaults(['ListSchemas:throttle:#1']);
    expect((await errorOf(h.service.call('ListSchemas', {}))).name).toBe('ThrottlingException');
    expect(await h.service.call('ListSchemas', {})).toEqual({ schemas: [] });
  });
});
