// The little XML that the REST-XML and query protocols need: writing elements, reading request bodies.
import { AwsError } from '../service';

export type XmlValue = string | number | boolean | undefined | XmlElement | readonly XmlValue[];
export interface XmlElement {
  readonly [name: string]: XmlValue;
}

/** A read element: its children by name (each a list, in order) and its own text. */
export interface XmlNode {
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlNode[]>;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? character);
}

/** A document with one root element; lists become repeated elements, undefined values are left out. */
export function xmlDocument(root: string, content: XmlElement, namespace?: string): Buffer {
  const attribute = namespace ? ` xmlns="${namespace}"` : '';
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${children(content)}</${root}>`,
  );
}

function children(content: XmlElement): string {
  return Object.entries(content)
    .map(([name, value]) => element(name, value))
    .join('');
}

/** Without a document around it. */
export function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  if (isList(value)) return value.map((item) => element(name, item)).join('');
  if (typeof value === 'object') {
    const inner = children(value);
    return inner === '' ? `<${name}/>` : `<${name}>${inner}</${name}>`;
  }
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const TOKEN = /<\?[^>]*\?>|<!--[\s\S]*?-->|<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/g;

interface OpenNode {
  readonly name: string;
  text: string;
  readonly children: Map<string, OpenNode[]>;
}

/** Reads a document and returns its root. @throws MalformedXML */
export function parseXml(document: string): XmlNode & { readonly name: string } {
  const top: OpenNode = { name: '', text: '', children: new Map() };
  const stack: OpenNode[] = [top];
  let consumed = 0;
  for (const token of document.matchAll(TOKEN)) {
    if (token.index !== consumed) break;
    consumed += token[0].length;
    const current = stack.at(-1);
    if (!current) break;
    const [, closing, name, , selfClosing, text] = token;
    if (text !== undefined) current.text += decodeEntities(text);
    else if (closing) {
      if (current.name !== name || stack.length === 1) throw malformed();
      stack.pop();
    } else if (name !== undefined) {
      const node: OpenNode = { name, text: '', children: new Map() };
      current.children.set(name, [...(current.children.get(name) ?? []), node]);
      if (!selfClosing) stack.push(node);
    }
  }
  const root = [...top.children.values()].flat()[0];
  if (consumed !== document.length || stack.length !== 1 || !root) throw malformed();
  return root;
}

/** The text of a child element, or undefined. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.get(name)?.[0]?.text;
}

function decodeEntities(text: string): string {
  return text.replace(/&(#x?[\da-fA-F]+|\w+);/g, (whole, entity: string) => {
    if (entity.startsWith('#x')) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith('#')) return String.fromCodePoint(Number.parseInt(entity.slice(1), 10));
    return ENTITIES[entity] ?? whole;
  });
}

function malformed(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}
