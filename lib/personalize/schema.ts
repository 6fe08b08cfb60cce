// A schema of Amazon Personalize, named after its content.
import { createHash } from 'node:crypto';
import type { AvroSchema } from '../../lambda/shared/personalize/avro';

export interface Schema {
  readonly schemaName: string;
  /** The Avro schema as JSON. */
  readonly document: string;
}

/**
 * Schemas cannot be changed, only replaced, and the old one is in use while the new one is made: so the name carries a hash of the
 * content.
 *
 * @param datasetName what the schema's name begins with
 */
export function schemaFor(datasetName: string, avro: AvroSchema): Schema {
  const document = JSON.stringify(avro);
  const hash = createHash('sha256').update(document).digest('hex').slice(0, 8);
  return { schemaName: `${datasetName}-${hash}`, document };
}
