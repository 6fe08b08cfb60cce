// The headers that browsers get with every page and picture.
import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** The pages need nothing from anywhere else; `data:` and `blob:` are pictures that they draw themselves. */
const pageContent = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
];

/** An SVG is a document: opened by itself it must not run a script with the rights of the gallery's origin. */
const pictureContent = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'sandbox',
  "frame-ancestors 'none'",
];

export function pageHeaders(scope: Construct, id: string): ResponseHeadersPolicy {
  return headersPolicy(scope, id, pageContent, 'The headers of the pages and of the API');
}

export function pictureHeaders(scope: Construct, id: string): ResponseHeadersPolicy {
  return headersPolicy(scope, id, pictureContent, 'The headers of the pictures');
}

function headersPolicy(scope: Construct, id: string, content: readonly string[], comment: string) {
  return new ResponseHeadersPolicy(scope, id, {
    comment,
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: content.join('; '), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.days(365),
        includeSubdomains: true,
        override: true,
      },
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
        { header: 'Cross-Origin-Resource-Policy', value: 'same-origin', override: true },
        { header: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=()', override: true },
      ],
    },
  });
}
