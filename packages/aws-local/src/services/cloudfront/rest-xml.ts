// CloudFront's REST-XML API: the operations that people call by hand. Distributions and policies are made through CloudFormation.
import { AwsError, type AwsRequest, type AwsResponse, type Shape } from '../../service';
import {
  childText,
  parseXml,
  type XmlElement,
  type XmlNode,
  type XmlValue,
  xmlDocument,
} from '../../wire/xml';
import { callerOf, type Operations, runOperation } from '../shared/operations';
import { matchPath } from '../shared/rest-protocol';

const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** What the elements of a list are called where it is not the list's name without the s. */
const LIST_MEMBERS: Readonly<Record<string, string>> = {
  Aliases: 'CNAME',
  AllowedMethods: 'Method',
  CachedMethods: 'Method',
  CustomHeaders: 'OriginCustomHeader',
  DistributionList: 'DistributionSummary',
  GeoRestriction: 'Location',
  TrustedKeyGroups: 'KeyGroup',
  TrustedSigners: 'AwsAccountNumber',
};

interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  /** The output's member that is the document. */
  readonly root: string;
  readonly body?: (document: XmlNode) => Shape;
}

const ROUTES: readonly Route[] = [
  {
    operation: 'ListDistributions',
    method: 'GET',
    path: '/2020-05-31/distribution',
    root: 'DistributionList',
  },
  { operation: 'ListTagsForResource', method: 'GET', path: '/2020-05-31/tagging', root: 'Tags' },
  {
    operation: 'GetDistribution',
    method: 'GET',
    path: '/2020-05-31/distribution/{Id}',
    root: 'Distribution',
  },
  {
    operation: 'GetDistributionConfig',
    method: 'GET',
    path: '/2020-05-31/distribution/{Id}/config',
    root: 'DistributionConfig',
  },
  {
    operation: 'CreateInvalidation',
    method: 'POST',
    path: '/2020-05-31/distribution/{DistributionId}/invalidation',
    status: 201,
    root: 'Invalidation',
    body: (document) => ({ InvalidationBatch: invalidationBatch(document) }),
  },
  {
    operation: 'GetInvalidation',
    method: 'GET',
    path: '/2020-05-31/distribution/{DistributionId}/invalidation/{Id}',
    root: 'Invalidation',
  },
];

function invalidationBatch(document: XmlNode): Shape {
  const items = document.children.get('Paths')?.[0]?.children.get('Items')?.[0];
  const Items = items?.children.get('Path')?.map((path) => path.text) ?? [];
  return {
    Paths: { Quantity: Items.length, Items },
    CallerReference: childText(document, 'CallerReference'),
  };
}

/** @throws InvalidAction for what is not offered over HTTP, MalformedXML, and what the operation throws */
export async function handleRestXml(operations: Operations, request: AwsRequest): Promise<AwsResponse> {
  for (const route of ROUTES) {
    const members = route.method === request.method ? matchPath(route.path, request.path) : undefined;
    if (!members) continue;
    const body = route.body ? route.body(parseXml(request.body.toString('utf8'))) : {};
    const output = await runOperation(
      operations,
      route.operation,
      { ...request.query, ...body, ...members },
      callerOf(request),
    );
    const headers: Record<string, string> = { 'content-type': 'text/xml' };
    if (typeof output.ETag === 'string') headers.etag = output.ETag;
    const content = xmlValue(route.root, output[route.root]) as XmlElement;
    return { status: route.status ?? 200, headers, body: xmlDocument(route.root, content, NAMESPACE) };
  }
  throw new AwsError(
    'InvalidAction',
    `${request.method} ${request.path} is not offered over HTTP: on localhost CloudFront is managed through CloudFormation.`,
    400,
  );
}

/** Lists travel as `<Quantity>` and `<Items>`; here they are arrays, or objects with Items, depending on who reads them. */
function xmlValue(name: string, value: unknown): XmlValue {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return listElement(name, value);
  if (typeof value !== 'object' || value === null) return value === undefined ? undefined : String(value);
  const element: Record<string, XmlValue> = {};
  for (const [member, content] of Object.entries(value)) {
    if (member === 'Items' && Array.isArray(content)) Object.assign(element, listElement(name, content));
    else element[member] = xmlValue(member, content);
  }
  return element;
}

function listElement(name: string, list: readonly unknown[]): XmlElement {
  const member = LIST_MEMBERS[name] ?? name.replace(/s$/, '');
  return {
    Quantity: list.length,
    Items: list.length > 0 ? { [member]: list.map((item) => xmlValue(member, item)) } : undefined,
  };
}
