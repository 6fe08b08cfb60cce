// A dataset as it is now: its columns, and since when it has been there.
import {
  DescribeDatasetCommand,
  DescribeSchemaCommand,
  type PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { parseSchema } from '@emotion-gallery/personalize-rules/schemas';
import { UserError } from '../command';
import type { Column } from './csv-file';

export interface Dataset {
  readonly columns: readonly Column[];
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/** @throws UserError when it has no moment or no schema yet; ResourceNotFoundException when there is none */
export async function readDataset(
  client: Pick<PersonalizeClient, 'send'>,
  datasetArn: string,
): Promise<Dataset> {
  const { dataset } = await client.send(new DescribeDatasetCommand({ datasetArn }));
  const { schema } = await client.send(new DescribeSchemaCommand({ schemaArn: dataset?.schemaArn }));
  if (!dataset?.creationDateTime || !schema?.schema) {
    throw new UserError(`${datasetArn} is not ready: deploy completely, then run this again`);
  }
  return { columns: parseSchema(schema.schema).fields, madeAt: dataset.creationDateTime.getTime() };
}
