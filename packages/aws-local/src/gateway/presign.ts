// Presigned URLs of S3 objects, for the places where AWS itself makes them.
import { createHash, createHmac } from 'node:crypto';
import { encodeRfc3986, signingKey } from './sigv4';

export interface PresignProps {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly expiresSeconds: number;
  readonly now: number;
}

/** A URL in virtual-host style, as AWS makes it; functions' processes find its host at the local endpoint. */
export function presignedUrl(props: PresignProps): string {
  const timestamp = new Date(props.now).toISOString().replace(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${props.region}/s3/aws4_request`;
  const host = `${props.bucket}.s3.${props.region}.amazonaws.com`;
  const path = `/${props.key.split('/').map(encodeRfc3986).join('/')}`;
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${props.accessKeyId}/${scope}`],
    ['X-Amz-Date', timestamp],
    ['X-Amz-Expires', String(props.expiresSeconds)],
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name = '', value = '']) => `${name}=${encodeRfc3986(value)}`)
    .join('&');
  const canonical = [props.method, path, query, `host:${host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const digest = createHash('sha256').update(canonical).digest('hex');
  const key = signingKey(props.secretAccessKey, { date, region: props.region, service: 's3' });
  const signature = createHmac('sha256', key)
    .update(['AWS4-HMAC-SHA256', timestamp, scope, digest].join('\n'))
    .digest('hex');
  return `https://${host}${path}?${query}&X-Amz-Signature=${signature}`;
}
