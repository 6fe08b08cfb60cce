// A DynamoDB table of the gallery: on demand, restorable to any second of the last 35 days, with a pinned logical id.
import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  AttributeType,
  BillingMode,
  type CfnTable,
  ProjectionType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What the index carries besides the keys of index and table; none is allowed. @default - all attributes */
  readonly attributes?: readonly string[];
  /**
   * An index that the release before reads in this one's place. Who may query this one may query that: when a deployment is updated, a
   * function's policy changes some seconds before its code.
   */
  readonly insteadOf?: string;
}

export interface GalleryTableProps {
  readonly partitionKey: string;
  /** @default - none */
  readonly sortKey?: string;
  /** @default - none */
  readonly indexes?: readonly TableIndex[];
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
}

/** All keys are strings. The logical id is `<id>Table` for good: another one would replace the table and lose its rows. */
export class GalleryTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;
  private readonly indexes: readonly TableIndex[];

  constructor(scope: Construct, id: string, props: GalleryTableProps) {
    super(scope, id);
    const table = new Table(this, 'Resource', {
      partitionKey: key(props.partitionKey),
      sortKey: props.sortKey ? key(props.sortKey) : undefined,
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.deletionProtection,
      removalPolicy: props.removalPolicy,
    });
    acknowledge(table, {
      'NIST.800.53.R5-DynamoDBInBackupPlan':
        'Point-in-time recovery has every second of the last 35 days; a plan would add a copy of a day.',
    });
    const indexes = props.indexes ?? [];
    for (const index of indexes) {
      table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: key(index.partitionKey),
        sortKey: key(index.sortKey),
        ...projection(index.attributes),
      });
    }
    (table.node.defaultChild as CfnTable).overrideLogicalId(`${id}Table`);
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
    this.indexes = indexes;
  }

  /** Lets the grantee use the table, not its index, with these actions of `dynamodb:`. */
  grant(grantee: IGrantable, ...actions: readonly string[]): Grant {
    return this.grantOn([this.tableArn], grantee, actions);
  }

  /** Lets the grantee query one index, not the table. */
  grantQueryIndex(grantee: IGrantable, indexName: string): Grant {
    const known = this.indexes.map(({ name }) => name);
    if (!known.includes(indexName)) {
      throw new Error(`${this.node.path} has no index '${indexName}', its indexes are [${known}]`);
    }
    const names = this.indexes.flatMap(({ name, insteadOf = [] }) =>
      name === indexName ? [name, insteadOf].flat() : [],
    );
    return this.grantOn(
      names.map((name) => `${this.tableArn}/index/${name}`),
      grantee,
      ['Query'],
    );
  }

  private grantOn(resourceArns: string[], grantee: IGrantable, actions: readonly string[]): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: actions.map((action) => `dynamodb:${action}`),
      resourceArns,
    });
  }
}

function key(name: string): Attribute {
  return { name, type: AttributeType.STRING };
}

function projection(attributes: readonly string[] | undefined) {
  if (!attributes) return { projectionType: ProjectionType.ALL };
  if (attributes.length === 0) return { projectionType: ProjectionType.KEYS_ONLY };
  return { projectionType: ProjectionType.INCLUDE, nonKeyAttributes: [...attributes] };
}
