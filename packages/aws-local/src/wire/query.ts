// The AWS query protocol: form-encoded requests in, XML out. CloudFormation, IAM, STS and SNS speak it.
import { AwsError, type AwsResponse, type Shape } from '../service';
import { element, type XmlValue } from './xml';

type Node = string | { [name: string]: Node };

function insert(root: { [name: string]: Node }, path: readonly string[], value: string): void {
  let node = root;
  for (const step of path.slice(0, -1)) {
    const next = node[step];
    if (typeof next === 'object') node = next;
    else {
      const made: { [name: string]: Node } = {};
      node[step] = made;
      node = made;
    }
  }
  const last = path[path.length - 1];
  if (last !== undefined) node[last] = value;
}

const isIndexed = (keys: readonly string[]) => keys.length > 0 && keys.every((key) => /^\d+$/.test(key));

function inOrder(node: { [name: string]: Node }): Node[] {
  return Object.entries(node)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value);
}

function toShape(node: Node): unknown {
  if (typeof node === 'string') return node;
  const { member, entry } = node;
  if (typeof member === 'object') return inOrder(member).map(toShape);
  if (typeof entry === 'object') {
    return Object.fromEntries(
      inOrder(entry).map((pair) => {
        // SNS's message attributes are entries of a name and a value.
        const { key, value, Name, Value } = pair as { [name: string]: Node };
        return [key ?? Name, toShape(value ?? Value ?? '')];
      }),
    );
  }
  if (member === '' || entry === '') return [];
  if (isIndexed(Object.keys(node))) return inOrder(node).map(toShape);
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, toShape(value)]));
}

/** `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`; every leaf stays a string. */
export function decodeQuery(body: string): { action: string; input: Shape } {
  const root: { [name: string]: Node } = {};
  for (const [name, value] of new URLSearchParams(body)) {
    // An empty list is sent as `Tags=`, and means no entries.
    insert(root, name.split('.'), value);
  }
  const { Action: action, Version: _version, ...rest } = root;
  if (typeof action !== 'string') {
    throw new AwsError('MissingAction', 'The request must contain the parameter Action.', 400);
  }
  return { action, input: toShape(rest) as Shape };
}

const NO_MAPS: ReadonlySet<string> = new Set();

/**
 * Objects become elements, arrays `<member>` lists, dates ISO 8601; undefined members are left out.
 *
 * @param maps names of the members whose keys are data: they become `<entry>` lists of `<key>` and `<value>`
 */
function membersOf(name: string, value: unknown, maps = NO_MAPS): XmlValue {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return { member: value.map((one) => membersOf('member', one, maps)) };
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value);
  if (maps.has(name))
    return { entry: members.map(([key, one]) => ({ key, value: membersOf('value', one) })) };
  return Object.fromEntries(members.map(([key, member]) => [key, membersOf(key, member, maps)]));
}

/** A value as the query protocol writes it. */
export function toXml(name: string, value: unknown, maps?: ReadonlySet<string>): string {
  return element(name, membersOf(name, value, maps));
}

/** The answer to a query-protocol action. */
export function queryResponse(
  action: string,
  output: Shape,
  namespace: string,
  requestId: string,
  maps?: ReadonlySet<string>,
): AwsResponse {
  const result = toXml(`${action}Result`, output, maps);
  const metadata = toXml('ResponseMetadata', { RequestId: requestId });
  const xml = `<${action}Response xmlns="${namespace}">${result}${metadata}</${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(xml) };
}
