// The functions that recommend, and the one that tells what the training pipeline is doing.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { servableModels } from '../../lambda/controller/gallery';
import type { Filter } from '../personalize/filter';
import type { PersonalizeResources } from '../personalize/resources';
import { allow } from './allow';
import type { GalleryTables } from './gallery-tables';
import { type ApiFunctionDefaults, NodeFunction } from './node-function';
import type { SigningSecret } from './signing-secret';

export interface ServingFunctionsProps extends ApiFunctionDefaults {
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly visitorSecret: SigningSecret;
  readonly operatorSecret: SigningSecret;
}

interface ServingFunctionProps {
  readonly name: 'recommend' | 'similar' | 'ranking';
  readonly description: string;
  readonly model: (typeof servableModels)[number];
  readonly action: 'personalize:GetRecommendations' | 'personalize:GetPersonalizedRanking';
  /** Variable to filter. @default - no filter is used */
  readonly filters?: Readonly<Record<string, Filter>>;
}

export class ServingFunctions extends Construct {
  readonly recommend: NodeFunction;
  readonly similar: NodeFunction;
  readonly ranking: NodeFunction;
  readonly status: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServingFunctionsProps,
  ) {
    super(scope, id);
    const { filters } = props.personalize;
    this.recommend = this.servingFunction({
      name: 'recommend',
      description: 'Pictures for a visitor',
      model: 'personal',
      action: 'personalize:GetRecommendations',
      filters: {
        IN_GALLERY_FILTER_ARN: filters.inGallery,
        BY_EMOTION_FILTER_ARN: filters.byEmotion,
        NOT_LIKED_FILTER_ARN: filters.notLiked,
        BY_EMOTION_NOT_LIKED_FILTER_ARN: filters.byEmotionNotLiked,
      },
    });
    this.similar = this.servingFunction({
      name: 'similar',
      description: 'Pictures that are liked by those who like one',
      model: 'similar',
      action: 'personalize:GetRecommendations',
      filters: { IN_GALLERY_FILTER_ARN: filters.inGallery },
    });
    this.ranking = this.servingFunction({
      name: 'ranking',
      description: 'Given pictures in the order that suits a visitor',
      model: 'ranking',
      action: 'personalize:GetPersonalizedRanking',
    });
    this.status = this.statusFunction();
  }

  private servingFunction({
    name,
    description,
    model,
    action,
    filters = {},
  }: ServingFunctionProps): NodeFunction {
    const { tables, personalize, visitorSecret } = this.props;
    const campaignArn = this.campaignArn(model);
    const filterArns = Object.entries(filters).map(
      ([variable, { filterArn }]) => [variable, filterArn] as const,
    );
    const serving = new NodeFunction(this, `lambda-${name}`, {
      ...this.props,
      name,
      description,
      memorySize: 1024,
      environment: {
        ITEMS_TABLE: tables.items.tableName,
        LIKES_TABLE: tables.likes.tableName,
        VISITORS_TABLE: tables.visitors.tableName,
        VISITOR_SECRET_ARN: visitorSecret.secretArn,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        [campaignVariable(model)]: campaignArn,
        ...Object.fromEntries(filterArns),
      },
    });
    tables.items.grantQueryIndex(serving.role, 'pictures');
    tables.likes.grant(serving.role, 'Query');
    tables.likes.grantQueryIndex(serving.role, 'latest');
    tables.visitors.grant(serving.role, 'GetItem');
    visitorSecret.grantRead(serving.role);
    allow(serving.role, { actions: [action], on: [campaignArn, ...filterArns.map(([, arn]) => arn)] });
    return serving;
  }

  private statusFunction(): NodeFunction {
    const { tables, personalize, operatorSecret } = this.props;
    const status = new NodeFunction(this, 'lambda-status', {
      ...this.props,
      name: 'status',
      description: 'What the training pipeline is doing',
      environment: {
        RUNS_TABLE: tables.runs.tableName,
        OPERATOR_SECRET_ARN: operatorSecret.secretArn,
        OPERATORS_TABLE: tables.operators.tableName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
      },
    });
    tables.runs.grant(status.role, 'Query');
    operatorSecret.grantRead(status.role);
    tables.operators.grant(status.role, 'GetItem');
    return status;
  }

  /** The pipeline makes the campaign, so its ARN is known by its name only. */
  private campaignArn(model: string): string {
    return Stack.of(this).formatArn({
      service: 'personalize',
      resource: 'campaign',
      resourceName: `${this.props.personalize.datasetGroup.datasetGroupName}-${model}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }
}

function campaignVariable(model: string): string {
  return `${model.toUpperCase()}_CAMPAIGN_ARN`;
}
