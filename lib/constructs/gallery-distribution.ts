// The distribution that people reach: the pages at the root, the pictures, and the API, all one origin for the browser.
import { Duration } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PICTURES_PREFIX } from '../../lambda/shared/contract/emotions';
import { acknowledge } from './acknowledge';
import { emotionsPrefix, sitePrefix } from './gallery-bucket';
import { pageHeaders, pictureHeaders } from './security-headers';

export interface GalleryDistributionProps {
  readonly comment: string;
  readonly bucket: IBucket;
  /** The host of the HTTP API. */
  readonly apiDomainName: string;
}

export class GalleryDistribution extends Construct {
  readonly distribution: Distribution;
  /** `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: GalleryDistributionProps) {
    super(scope, id);
    const { originAccessControlId } = new S3OriginAccessControl(this, 'AccessControl', {
      description: 'Signs the reads of the gallery bucket',
    });
    const headers = pageHeaders(this, 'PageHeaders');
    const pictures = pictureHeaders(this, 'PictureHeaders');
    // `withBucketDefaults`, because the origin with access control would write a policy of its own for the bucket.
    this.distribution = new Distribution(this, 'Resource', {
      comment: props.comment,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      defaultBehavior: {
        origin: S3BucketOrigin.withBucketDefaults(props.bucket, {
          originAccessControlId,
          originPath: `/${sitePrefix.slice(0, -1)}`,
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
        compress: true,
      },
      // To who may not list the bucket Amazon S3 says 403 of what there is not. The API's own answers have other statuses.
      errorResponses: [
        {
          httpStatus: 403,
          responseHttpStatus: 404,
          responsePagePath: '/404.html',
          ttl: Duration.seconds(1),
        },
      ],
      additionalBehaviors: {
        // Not what people put there: a photo says where it was taken.
        [`/${PICTURES_PREFIX}*`]: {
          origin: S3BucketOrigin.withBucketDefaults(props.bucket, { originAccessControlId }),
          viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
          cachePolicy: CachePolicy.CACHING_OPTIMIZED,
          responseHeadersPolicy: pictures,
          compress: true,
        },
        // Files that operators send, each by a request that is signed for this one file; nothing else gets in or out. No access control of
        // the origin: Amazon S3 takes one signature, and here it is the request's own.
        [`/${emotionsPrefix}*`]: {
          origin: S3BucketOrigin.withBucketDefaults(props.bucket),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: pictures,
          compress: true,
        },
        '/api/*': {
          origin: new HttpOrigin(props.apiDomainName, {
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
            // Longer than the API's own limit of 30 seconds, so that its answer arrives and not a timeout in front of it.
            readTimeout: Duration.seconds(35),
          }),
          allowedMethods: AllowedMethods.ALLOW_ALL,
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: headers,
          compress: true,
        },
      },
    });
    acknowledge(this.distribution, {
      'AwsSolutions-CFR1': 'The gallery is for everybody.',
      'AwsSolutions-CFR2': 'The API throttles; a firewall costs more a month than all the rest.',
      'AwsSolutions-CFR3': 'The log would record visitors; the API has an access log without addresses.',
      'AwsSolutions-CFR4':
        "The minimum TLS version can be raised only with a domain and certificate of one's own.",
    });
    this.url = `https://${this.distribution.distributionDomainName}`;
  }
}
