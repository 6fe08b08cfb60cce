// The Lambda API's operations on event source mappings.
import { z } from 'zod';
import type { SqsService } from '../../ports';
import { AwsError, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { describeMapping, MAPPING_INPUT, newMapping } from './event-sources';
import { functionName, NAME } from './function-input';
import type { FunctionRecord } from './function-record';
import type { FunctionParts } from './operations';

/** `known` finds a function that the caller may see. */
export function mappingOperations(
  { context, sources, functions }: FunctionParts,
  known: (caller: Caller, action: string, name: string) => FunctionRecord,
): Operations {
  const BY_ID = z.object({ UUID: z.string() });
  const arnOf = (id: string) =>
    `arn:aws:lambda:${context.region}:${context.accountId}:event-source-mapping:${id}`;
  const authorize = (caller: Caller, action: string, id: string) =>
    context.authorize({
      principal: caller.principal,
      action: `lambda:${action}`,
      resource: arnOf(id),
      context: caller.conditions,
    });
  const describe = (id: string): Shape => {
    const mapping = sources.mappings.get(id);
    if (!mapping)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    return describeMapping(mapping, functions.get(mapping.functionName)?.arn ?? mapping.functionName);
  };
  /** The queue is looked for as the function's role, whose rights may come later. @throws InvalidParameterValueException */
  async function requireQueue(arn: string, { role, name }: FunctionRecord): Promise<void> {
    const sqs = context.service<SqsService>('sqs');
    const principal = context.assumeRole(role, name, 'lambda.amazonaws.com');
    const input = { QueueUrl: sqs.urlOfArn(arn), AttributeNames: ['QueueArn'] };
    await sqs.call('GetQueueAttributes', input, principal).catch((error: unknown) => {
      if (!(error instanceof AwsError)) throw error;
      if (error.code !== 'QueueDoesNotExist') return;
      throw new AwsError(
        'InvalidParameterValueException',
        `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${error.message}`,
      );
    });
  }

  return {
    CreateEventSourceMapping: operation(MAPPING_INPUT, async (input, caller) => {
      authorize(caller, 'CreateEventSourceMapping', '*');
      const record = known(caller, 'GetFunction', functionName(input.FunctionName));
      const mapping = newMapping(input, record.name, context.clock.now());
      await requireQueue(mapping.queueArn, record);
      sources.put(mapping);
      return describe(mapping.id);
    }),
    UpdateEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'UpdateEventSourceMapping', input.UUID);
      const before = describe(input.UUID);
      const merged = MAPPING_INPUT.parse({
        ...before,
        FunctionName: before.FunctionArn,
        Enabled: before.State === 'Enabled',
        ...input,
      });
      sources.put(newMapping(merged, functionName(merged.FunctionName), context.clock.now(), input.UUID));
      return describe(input.UUID);
    }),
    DeleteEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'DeleteEventSourceMapping', input.UUID);
      const described = { ...describe(input.UUID), State: 'Deleting' };
      sources.delete(input.UUID);
      return described;
    }),
    GetEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'GetEventSourceMapping', input.UUID);
      return describe(input.UUID);
    }),
    ListEventSourceMappings: operation(
      z.object({ FunctionName: NAME.optional(), EventSourceArn: z.string().optional() }),
      (input, caller) => {
        authorize(caller, 'ListEventSourceMappings', '*');
        const found = [...sources.mappings.values()].filter(
          (mapping) =>
            (input.FunctionName === undefined || mapping.functionName === input.FunctionName) &&
            (input.EventSourceArn === undefined || mapping.queueArn === input.EventSourceArn),
        );
        return { EventSourceMappings: found.map((mapping) => describe(mapping.id)) };
      },
    ),
  };
}
