// A schema of Amazon Personalize, named after its content.
import { createHash } from 'node:crypto';
import { Resource } from 'aws-cdk-lib';
import { CfnSchema } from 'aws-cdk-lib/aws-personalize';
import type { Construct } from 'constructs';
import type { AvroSchema, DatasetType } from './avro';

export interface SchemaProps {
  /** The name starts with it. */
  readonly prefix: string;
  readonly avro: AvroSchema;
}

/**
 * Any change replaces a schema, and CloudFormation makes the new one before it deletes the old one. Both would want the
 * same name, so the name carries a hash of the content.
 */
export class Schema extends Resource {
  readonly schemaName: string;
  readonly schemaArn: string;
  readonly datasetType: DatasetType;

  constructor(scope: Construct, id: string, props: SchemaProps) {
    const document = JSON.stringify(props.avro);
    const hash = createHash('sha256').update(document).digest('hex').slice(0, 8);
    const schemaName = `${props.prefix}-${props.avro.name.toLowerCase()}-${hash}`;
    super(scope, id, { physicalName: schemaName });
    const resource = new CfnSchema(this, 'Resource', { name: schemaName, schema: document });
    this.schemaName = schemaName;
    this.schemaArn = resource.attrSchemaArn;
    this.datasetType = props.avro.name;
  }
}
