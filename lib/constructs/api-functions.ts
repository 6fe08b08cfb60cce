// The functions behind the HTTP API: what each reads, and what it may do.
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { REMOVED_PREFIX } from '../../lambda/shared/contract/emotions';
import type { PersonalizeResources } from '../personalize/resources';
import { allow } from './allow';
import { emotionsPrefix } from './gallery-bucket';
import type { GalleryTables } from './gallery-tables';
import type { LikeDelivery } from './like-delivery';
import { grantAnnounceMinimum, type Minimum } from './minimum';
import { type ApiFunctionDefaults, NodeFunction } from './node-function';
import type { SigningSecret } from './signing-secret';

export interface ApiFunctionsProps extends ApiFunctionDefaults {
  readonly bucket: IBucket;
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly visitorSecret: SigningSecret;
  readonly operatorSecret: SigningSecret;
  readonly visitorTokenDays: number;
  readonly minimum: Minimum;
  readonly delivery: LikeDelivery;
}

export class ApiFunctions extends Construct {
  readonly visitors: NodeFunction;
  readonly images: NodeFunction;
  readonly like: NodeFunction;
  readonly progress: NodeFunction;
  readonly operator: NodeFunction;
  readonly curate: NodeFunction;
  readonly openapi: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ApiFunctionsProps,
  ) {
    super(scope, id);
    this.visitors = this.visitorsFunction();
    this.images = this.imagesFunction();
    this.like = this.likeFunction();
    this.progress = this.progressFunction();
    this.operator = this.operatorFunction();
    this.curate = this.curateFunction();
    this.openapi = new NodeFunction(this, 'lambda-openapi', {
      ...props,
      name: 'openapi',
      description: 'The OpenAPI document, and the answer to calls that do not exist',
    });
  }

  private visitorsFunction(): NodeFunction {
    const { tables, personalize, visitorSecret } = this.props;
    const visitors = new NodeFunction(this, 'lambda-visitors', {
      ...this.props,
      name: 'visitors',
      description: 'Welcomes a visitor: an id, a token, a user in Amazon Personalize',
      environment: {
        ...this.visitorTokens(),
        VISITORS_TABLE: tables.visitors.tableName,
        USERS_DATASET_ARN: personalize.users.datasetArn,
        VISITOR_TOKEN_DAYS: String(this.props.visitorTokenDays),
      },
    });
    tables.visitors.grant(visitors.role, 'PutItem', 'UpdateItem');
    visitorSecret.grantRead(visitors.role);
    personalize.users.grantPutUsers(visitors.role);
    return visitors;
  }

  private imagesFunction(): NodeFunction {
    const { tables, visitorSecret } = this.props;
    const images = new NodeFunction(this, 'lambda-images', {
      ...this.props,
      name: 'images',
      description: 'The pictures of an emotion, page by page',
      environment: {
        ...this.visitorTokens(),
        ITEMS_TABLE: tables.items.tableName,
        LIKES_TABLE: tables.likes.tableName,
        VISITORS_TABLE: tables.visitors.tableName,
      },
    });
    tables.items.grantQueryIndex(images.role, 'pictures');
    tables.likes.grant(images.role, 'Query');
    tables.visitors.grant(images.role, 'GetItem');
    visitorSecret.grantRead(images.role);
    return images;
  }

  private likeFunction(): NodeFunction {
    const { tables, personalize, visitorSecret, delivery } = this.props;
    const like = new NodeFunction(this, 'lambda-like', {
      ...this.props,
      name: 'like',
      description: 'Stores likes exactly once and sends them to Amazon Personalize',
      memorySize: 1024,
      environment: {
        ...this.visitorTokens(),
        ITEMS_TABLE: tables.items.tableName,
        VISITORS_TABLE: tables.visitors.tableName,
        LIKES_TABLE: tables.likes.tableName,
        TOTALS_TABLE: tables.totals.tableName,
        UNDELIVERED_TABLE: tables.undelivered.tableName,
        RETRY_QUEUE_URL: delivery.retryQueueUrl,
        TRACKING_ID: personalize.eventTracker.trackingId,
      },
    });
    tables.items.grant(like.role, 'BatchGetItem');
    // A transaction is authorised by the actions of its parts.
    tables.likes.grant(like.role, 'PutItem');
    tables.visitors.grant(like.role, 'UpdateItem');
    tables.totals.grant(like.role, 'UpdateItem');
    tables.undelivered.grant(like.role, 'PutItem', 'DeleteItem');
    personalize.eventTracker.grantPutEvents(like.role);
    delivery.grantRetry(like.role);
    visitorSecret.grantRead(like.role);
    return like;
  }

  private progressFunction(): NodeFunction {
    const { tables, personalize, minimum } = this.props;
    const progress = new NodeFunction(this, 'lambda-progress', {
      ...this.props,
      name: 'progress',
      description: 'How far the gallery is from the minimum, and the pictures liked last',
      environment: {
        TOTALS_TABLE: tables.totals.tableName,
        LIKES_TABLE: tables.likes.tableName,
        ITEMS_TABLE: tables.items.tableName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        MINIMUM_USERS: String(minimum.users),
        MINIMUM_INTERACTIONS: String(minimum.interactions),
      },
    });
    tables.totals.grant(progress.role, 'BatchGetItem', 'UpdateItem');
    tables.likes.grantQueryIndex(progress.role, 'latest');
    tables.items.grantQueryIndex(progress.role, 'pictures');
    grantAnnounceMinimum(EventBus.fromEventBusName(this, 'DefaultBus', 'default'), progress.role);
    return progress;
  }

  private operatorFunction(): NodeFunction {
    const { tables, personalize, visitorSecret, operatorSecret } = this.props;
    const operator = new NodeFunction(this, 'lambda-operator', {
      ...this.props,
      name: 'operator',
      description: 'Several people on one laptop, for the holder of an operator link',
      environment: {
        ...this.visitorTokens(),
        OPERATOR_SECRET_ARN: operatorSecret.secretArn,
        OPERATORS_TABLE: tables.operators.tableName,
        VISITORS_TABLE: tables.visitors.tableName,
        USERS_DATASET_ARN: personalize.users.datasetArn,
        VISITOR_TOKEN_DAYS: String(this.props.visitorTokenDays),
      },
    });
    tables.visitors.grant(operator.role, 'PutItem', 'UpdateItem');
    visitorSecret.grantRead(operator.role);
    operatorSecret.grantRead(operator.role);
    tables.operators.grant(operator.role, 'GetItem');
    personalize.users.grantPutUsers(operator.role);
    return operator;
  }

  private curateFunction(): NodeFunction {
    const { tables, bucket, personalize, operatorSecret } = this.props;
    const curate = new NodeFunction(this, 'lambda-curate', {
      ...this.props,
      name: 'curate',
      description: 'Pictures come and go by the holder of an operator link',
      environment: {
        GALLERY_BUCKET: bucket.bucketName,
        GALLERY_BUCKET_HOST: bucket.bucketRegionalDomainName,
        ITEMS_TABLE: tables.items.tableName,
        OPERATOR_SECRET_ARN: operatorSecret.secretArn,
        OPERATORS_TABLE: tables.operators.tableName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
      },
    });
    tables.items.grant(curate.role, 'BatchGetItem', 'Scan');
    tables.items.grantQueryIndex(curate.role, 'pictures');
    tables.operators.grant(curate.role, 'GetItem');
    operatorSecret.grantRead(curate.role);
    allow(curate.role, {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      on: [bucket.arnForObjects(`${emotionsPrefix}*`), bucket.arnForObjects(`${REMOVED_PREFIX}*`)],
      because:
        'People choose the names of their pictures; a browser may send only the one that was signed for.',
    });
    // Without it a missing object is told as a forbidden one.
    allow(curate.role, { actions: ['s3:ListBucket'], on: [bucket.bucketArn] });
    return curate;
  }

  /** What a function needs to know whose token it sees: the key, and the issuer, which is the dataset group. */
  private visitorTokens() {
    return {
      VISITOR_SECRET_ARN: this.props.visitorSecret.secretArn,
      DATASET_GROUP_ARN: this.props.personalize.datasetGroup.datasetGroupArn,
    };
  }
}
