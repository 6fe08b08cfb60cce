// Schemas: synchronous, without a status, account-wide.

import { MOST_SCHEMAS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { parseSchema } from '@emotion-gallery/personalize-rules/schemas';
import { inUse } from '../protocol/errors';
import type {
  CreateSchemaRequest,
  DeleteSchemaRequest,
  DescribeSchemaRequest,
  ListSchemasRequest,
} from '../protocol/requests';
import type { Context } from './context';
import { findResource, newRecord, requireNewArn, requireRoom, save } from './lookup';
import { page } from './pagination';

export const schemaOperations = {
  CreateSchema({ name, schema, domain }: CreateSchemaRequest, context: Context) {
    parseSchema(schema, domain);
    const arn = context.arns.of('schema', name);
    requireNewArn(context, arn);
    const count = context.store.all('schema').length;
    requireRoom(context, count, MOST_SCHEMAS, TOO_MANY_ACTIVE('schema', MOST_SCHEMAS));
    save(context, { ...newRecord(context, 'schema', arn), schemaArn: arn, name, schema, domain });
    return { schemaArn: arn };
  },

  DescribeSchema({ schemaArn }: DescribeSchemaRequest, context: Context) {
    return { schema: findResource(context, 'schema', schemaArn) };
  },

  ListSchemas(input: ListSchemasRequest, context: Context) {
    const { records, nextToken } = page(context.store.all('schema'), input, ['ListSchemas']);
    return { schemas: records, nextToken };
  },

  DeleteSchema({ schemaArn }: DeleteSchemaRequest, context: Context) {
    findResource(context, 'schema', schemaArn);
    const user = context.store
      .all('dataset')
      .find(
        (dataset) => dataset.schemaArn === schemaArn || dataset.latestDatasetUpdate?.schemaArn === schemaArn,
      );
    if (user) throw inUse(`${schemaArn} is used by the dataset ${user.arn}; delete that first.`);
    context.store.commit({ remove: [schemaArn] });
    return {};
  },
};
