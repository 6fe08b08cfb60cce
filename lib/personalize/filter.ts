// A filter of Amazon Personalize: what recommendations leave out or keep.
import { Resource } from 'aws-cdk-lib';
import { CfnFilter } from 'aws-cdk-lib/aws-personalize';
import type { Construct } from 'constructs';
import type { Dataset } from './dataset';
import type { DatasetGroup } from './dataset-group';

export interface FilterProps {
  /** Unique in the account and region; a change of the expression wants a new name. */
  readonly filterName: string;
  readonly datasetGroup: DatasetGroup;
  /** In the service's filter language; `$NAME` is filled in by each request. */
  readonly expression: string;
  /** The datasets that the expression reads; the service refuses it while one is missing. */
  readonly datasets: readonly Dataset[];
}

export class Filter extends Resource {
  readonly filterArn: string;

  constructor(scope: Construct, id: string, props: FilterProps) {
    super(scope, id, { physicalName: props.filterName });
    const resource = new CfnFilter(this, 'Resource', {
      name: props.filterName,
      datasetGroupArn: props.datasetGroup.datasetGroupArn,
      filterExpression: props.expression,
    });
    resource.node.addDependency(...props.datasets);
    this.filterArn = resource.attrFilterArn;
  }
}
