// Distributions and policies as the API configures them; what is read here is checked, the rest is kept.
import { z } from 'zod';

/** The API's lists: `{ Quantity, Items }`. */
const items = <T extends z.ZodType>(item: T) =>
  z
    .looseObject({ Items: z.array(item).optional() })
    .optional()
    .transform((list) => list?.Items ?? []);
const FLAG = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const NO_SIGNERS = z
  .looseObject({ Enabled: FLAG.default(false) })
  .refine(({ Enabled }) => !Enabled, 'signed URLs and cookies are not supported on localhost')
  .optional();
const BEHAVIOR = z.looseObject({
  TargetOriginId: z.string(),
  ViewerProtocolPolicy: z.string().default('allow-all'),
  AllowedMethods: items(z.string()),
  CachePolicyId: z.string(
    'a cache policy is needed; the older ForwardedValues are not supported on localhost',
  ),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  Compress: FLAG.default(false),
  FunctionAssociations: items(z.unknown()).refine(
    (list) => list.length === 0,
    'CloudFront functions are not supported on localhost',
  ),
  TrustedKeyGroups: NO_SIGNERS,
  TrustedSigners: NO_SIGNERS,
  LambdaFunctionAssociations: items(z.unknown()).refine(
    (list) => list.length === 0,
    'Lambda@Edge is not supported on localhost',
  ),
});
const ORIGIN = z.looseObject({
  Id: z.string(),
  DomainName: z.string(),
  OriginPath: z.string().default(''),
  CustomHeaders: items(z.object({ HeaderName: z.string(), HeaderValue: z.string() })),
  OriginAccessControlId: z.string().optional(),
});
export const DISTRIBUTION_CONFIG = z.looseObject({
  CallerReference: z.string().optional(),
  Comment: z.string().default(''),
  Enabled: FLAG.default(true),
  DefaultRootObject: z.string().default(''),
  Origins: items(ORIGIN),
  DefaultCacheBehavior: BEHAVIOR,
  CacheBehaviors: items(BEHAVIOR.extend({ PathPattern: z.string() })),
  OriginGroups: items(z.unknown()).refine(
    (list) => list.length === 0,
    'origin groups are not supported on localhost',
  ),
  Restrictions: z
    .looseObject({ GeoRestriction: z.looseObject({ RestrictionType: z.string() }) })
    .refine(
      ({ GeoRestriction }) => GeoRestriction.RestrictionType === 'none',
      'geographic restrictions are not supported on localhost',
    )
    .optional(),
  WebACLId: z.literal('', 'web ACLs are not supported on localhost').optional(),
  Logging: z
    .looseObject({ Enabled: FLAG.default(false) })
    .refine(({ Enabled }) => !Enabled, 'access logs are not supported on localhost')
    .optional(),
  CustomErrorResponses: items(
    z.object({
      ErrorCode: z.coerce.number(),
      ResponsePagePath: z.string().optional(),
      ResponseCode: z.coerce.number().optional(),
      ErrorCachingMinTTL: z.coerce.number().default(10),
    }),
  ),
});
export const CACHE_POLICY_CONFIG = z.looseObject({
  Name: z.string(),
  MinTTL: z.coerce.number().default(0),
  DefaultTTL: z.coerce.number().default(86_400),
  MaxTTL: z.coerce.number().default(31_536_000),
  ParametersInCacheKeyAndForwardedToOrigin: z
    .looseObject({
      EnableAcceptEncodingGzip: FLAG.default(false),
      EnableAcceptEncodingBrotli: FLAG.default(false),
      QueryStringsConfig: z
        .looseObject({ QueryStringBehavior: z.string() })
        .default({ QueryStringBehavior: 'none' }),
    })
    .default({
      EnableAcceptEncodingGzip: false,
      EnableAcceptEncodingBrotli: false,
      QueryStringsConfig: { QueryStringBehavior: 'none' },
    }),
});
export const ORIGIN_REQUEST_POLICY_CONFIG = z.looseObject({
  Name: z.string(),
  HeadersConfig: z.looseObject({ HeaderBehavior: z.string() }).default({ HeaderBehavior: 'none' }),
  CookiesConfig: z.looseObject({ CookieBehavior: z.string() }).default({ CookieBehavior: 'none' }),
  QueryStringsConfig: z
    .looseObject({ QueryStringBehavior: z.string() })
    .default({ QueryStringBehavior: 'none' }),
});
const OVERRIDABLE = { Override: FLAG.default(true) };
export const RESPONSE_HEADERS_POLICY_CONFIG = z.looseObject({
  Name: z.string(),
  SecurityHeadersConfig: z
    .object({
      ContentSecurityPolicy: z.object({ ContentSecurityPolicy: z.string(), ...OVERRIDABLE }).optional(),
      ContentTypeOptions: z.object(OVERRIDABLE).optional(),
      FrameOptions: z.object({ FrameOption: z.string(), ...OVERRIDABLE }).optional(),
      ReferrerPolicy: z.object({ ReferrerPolicy: z.string(), ...OVERRIDABLE }).optional(),
      StrictTransportSecurity: z
        .object({
          AccessControlMaxAgeSec: z.coerce.number(),
          IncludeSubdomains: FLAG.default(false),
          Preload: FLAG.default(false),
          ...OVERRIDABLE,
        })
        .optional(),
      XSSProtection: z
        .looseObject({ Protection: FLAG, ModeBlock: FLAG.default(false), ...OVERRIDABLE })
        .optional(),
    })
    .optional(),
  CustomHeadersConfig: items(z.object({ Header: z.string(), Value: z.string(), ...OVERRIDABLE })),
  RemoveHeadersConfig: items(z.object({ Header: z.string() })),
  CorsConfig: z.undefined('CORS in a response headers policy is not supported on localhost').optional(),
});
export const ORIGIN_ACCESS_CONTROL_CONFIG = z.looseObject({
  Name: z.string(),
  SigningProtocol: z.literal('sigv4').default('sigv4'),
  SigningBehavior: z.enum(['always', 'never', 'no-override']).default('always'),
  OriginAccessControlOriginType: z.literal('s3', 'only S3 origins are signed on localhost'),
});

export type DistributionConfig = z.output<typeof DISTRIBUTION_CONFIG>;
export type Behavior = z.output<typeof BEHAVIOR>;
export type Origin = z.output<typeof ORIGIN>;
export type CachePolicyConfig = z.output<typeof CACHE_POLICY_CONFIG>;
export type OriginRequestPolicyConfig = z.output<typeof ORIGIN_REQUEST_POLICY_CONFIG>;
export type ResponseHeadersPolicyConfig = z.output<typeof RESPONSE_HEADERS_POLICY_CONFIG>;

/** Policies that AWS manages, by id. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
export const MANAGED_CACHE_POLICIES: Readonly<Record<string, CachePolicyConfig>> = {
  '658327ea-f89d-4fab-a63d-7e88639e58f6': CACHE_POLICY_CONFIG.parse({
    Name: 'Managed-CachingOptimized',
    MinTTL: 1,
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: true,
      EnableAcceptEncodingBrotli: true,
    },
  }),
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': CACHE_POLICY_CONFIG.parse({
    Name: 'Managed-CachingDisabled',
    MinTTL: 0,
    DefaultTTL: 0,
    MaxTTL: 0,
  }),
};
export const MANAGED_ORIGIN_REQUEST_POLICIES: Readonly<Record<string, OriginRequestPolicyConfig>> = {
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': ORIGIN_REQUEST_POLICY_CONFIG.parse({
    Name: 'Managed-AllViewerExceptHostHeader',
    HeadersConfig: { HeaderBehavior: 'allExcept' },
    CookiesConfig: { CookieBehavior: 'all' },
    QueryStringsConfig: { QueryStringBehavior: 'all' },
  }),
  '216adef6-5c7f-47e4-b989-5492eafa07d3': ORIGIN_REQUEST_POLICY_CONFIG.parse({
    Name: 'Managed-AllViewer',
    HeadersConfig: { HeaderBehavior: 'allViewer' },
    CookiesConfig: { CookieBehavior: 'all' },
    QueryStringsConfig: { QueryStringBehavior: 'all' },
  }),
};
