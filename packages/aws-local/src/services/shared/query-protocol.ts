// A service that speaks the AWS query protocol.
import { z } from 'zod';
import type { AwsService } from '../../service';
import { decodeQuery, queryResponse } from '../../wire/query';
import { callerOf, type Operations, runOperation, serviceOf, withInvalidInput } from './operations';

export interface QueryServiceProps {
  readonly id: string;
  readonly namespace: string;
  readonly operations: Operations;
  /** Names of the members of answers whose keys are data. */
  readonly maps?: ReadonlySet<string>;
  /** The code of an error about input that does not fit. @default ValidationException */
  readonly invalidInput?: string;
  readonly start?: AwsService['start'];
  /** Called once when the process ends. */
  readonly close?: () => Promise<void> | void;
}

/** A list member; an empty list travels as an empty string. */
export function queryList<S extends z.ZodType>(list: S) {
  return z.preprocess((value) => (value === '' ? [] : value), list);
}

export function queryService(props: QueryServiceProps): AwsService {
  const operations = withInvalidInput(props.operations, props.invalidInput);
  return serviceOf({
    ...props,
    operations,
    async handle(request) {
      const form =
        request.method === 'GET'
          ? new URLSearchParams(request.query).toString()
          : request.body.toString('utf8');
      const { action, input } = decodeQuery(form);
      const output = await runOperation(operations, action, input, callerOf(request));
      return queryResponse(action, output, props.namespace, request.requestId, props.maps);
    },
  });
}
