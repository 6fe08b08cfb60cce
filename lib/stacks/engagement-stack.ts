// The stack that people's clicks go through: the HTTP API and its functions, the catalogue, the delivery of likes.
import { CfnOutput } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Construct } from 'constructs';
import { ApiFunctions } from '../constructs/api-functions';
import { CatalogIngestion } from '../constructs/catalog-ingestion';
import { Forgetting } from '../constructs/forgetting';
import { GalleryApi } from '../constructs/gallery-api';
import type { EngagementMetrics } from '../constructs/gallery-dashboard';
import { LikeDelivery } from '../constructs/like-delivery';
import { ServingFunctions } from '../constructs/serving-functions';
import { TrainingControl } from '../constructs/training-control';
import type { GalleryAssets } from '../gallery-assets';
import type { PersonalizeResources } from '../personalize/resources';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';
import type { StorageStack } from './storage-stack';

export interface EngagementStackProps extends GalleryStackProps {
  readonly storage: StorageStack;
  readonly personalize: PersonalizeResources;
  readonly assets: GalleryAssets;
}

export class EngagementStack extends GalleryStack {
  /** The host of the HTTP API. */
  readonly apiDomainName: string;
  readonly metrics: EngagementMetrics;

  constructor(scope: Construct, props: EngagementStackProps) {
    super(scope, 'engagement', 'the HTTP API, its functions and the delivery of likes', props);
    const { settings, storage, personalize, assets } = props;
    const { alarms } = storage;
    const defaults = this.functionDefaults(assets, alarms);
    const minimum = { users: settings.minimumUsers, interactions: settings.minimumInteractions };
    new CatalogIngestion(this, 'CatalogIngestion', {
      ...defaults,
      bucket: storage.bucket,
      items: storage.tables.items,
      itemsDataset: personalize.items,
    });
    const delivery = new LikeDelivery(this, 'LikeDelivery', {
      ...defaults,
      tables: storage.tables,
      personalize,
      minimum,
    });
    const called = { ...defaults, reservedConcurrency: settings.reservedConcurrency };
    const functions = new ApiFunctions(this, 'Functions', {
      ...called,
      bucket: storage.bucket,
      tables: storage.tables,
      personalize,
      visitorSecret: storage.visitorSecret,
      operatorSecret: storage.operatorSecret,
      visitorTokenDays: settings.visitorTokenDays,
      minimum,
      delivery,
    });
    const { forget } = new Forgetting(this, 'Forgetting', {
      ...called,
      bucket: storage.bucket,
      tables: storage.tables,
      personalize,
      visitorSecret: storage.visitorSecret,
    });
    const serving = new ServingFunctions(this, 'Serving', {
      ...called,
      tables: storage.tables,
      personalize,
      visitorSecret: storage.visitorSecret,
      operatorSecret: storage.operatorSecret,
    });
    const control = new TrainingControl(this, 'TrainingControl', {
      ...called,
      pipelineName: settings.prefix,
      tables: storage.tables,
      personalize,
      operatorSecret: storage.operatorSecret,
    });
    const api = new GalleryApi(this, 'Api', {
      logRetentionDays: this.logRetentionDays,
      apiName: settings.prefix,
      description: 'What the pages call',
      alarms,
    });
    api.route(HttpMethod.POST, '/api/visitors', functions.visitors);
    api.route(HttpMethod.DELETE, '/api/visitors/me', forget);
    api.route(HttpMethod.GET, '/api/images', functions.images);
    api.route(HttpMethod.POST, '/api/likes', functions.like);
    api.route(HttpMethod.GET, '/api/progress', functions.progress);
    api.route(HttpMethod.GET, '/api/latest', functions.progress);
    api.route(HttpMethod.POST, '/api/operator/people', functions.operator);
    api.route(HttpMethod.GET, '/api/operator/pictures', functions.curate);
    api.route(HttpMethod.POST, '/api/operator/pictures', functions.curate);
    api.route(HttpMethod.POST, '/api/operator/uploads', functions.curate);
    api.route(HttpMethod.GET, '/api/operator/removed', functions.curate);
    api.route(HttpMethod.GET, '/api/operator/refused', functions.curate);
    api.route(HttpMethod.GET, '/api/recommendations', serving.recommend);
    // An item id has slashes.
    api.route(HttpMethod.GET, '/api/similar/{itemId+}', serving.similar);
    api.route(HttpMethod.POST, '/api/ranking', serving.ranking);
    api.route(HttpMethod.GET, '/api/status', serving.status);
    api.route(HttpMethod.POST, '/api/operator/training', control.training);
    api.route(HttpMethod.GET, '/api/openapi.json', functions.openapi);
    api.routeTheRest(functions.openapi);
    this.apiDomainName = api.domainName;
    this.metrics = {
      ...api.metrics,
      ...delivery.metrics,
      likeDuration: ['p50', 'p99'].map((statistic) => functions.like.function.metricDuration({ statistic })),
    };
    new CfnOutput(this, 'OperatorTokenDays', { value: String(settings.operatorTokenDays) });
    new CfnOutput(this, 'OperatorLinkCommand', {
      description: 'Prints a link for an operator',
      value: `npm run gallery -- operators add NAME --stack-prefix ${settings.prefix}`,
    });
  }
}
