// What queues and topics have in common in CloudFormation: attributes as text, and policy resources that are put on several of them.
import type { Shape } from '../service';
import {
  documentText,
  ignoreMissing,
  type Properties,
  type ProviderContext,
  type ResourceProvider,
} from './provider';

/** Attributes travel as strings; documents as JSON. */
export function asAttributes(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

/** A policy resource that is put on several queues or topics, and taken off those that are no longer named. */
export function policyOn(
  property: string,
  put: (target: string, policy: string, context: ProviderContext) => Promise<Shape>,
): ResourceProvider {
  const targets = (properties: Properties) => (properties[property] ?? []) as readonly string[];
  const apply = async (properties: Properties, context: ProviderContext) => {
    const document = documentText(properties.PolicyDocument);
    for (const target of targets(properties)) await put(target, document, context);
  };
  const values = (physicalId: string) => ({ physicalId, attributes: { Id: physicalId } });
  return {
    properties: [property, 'PolicyDocument'],
    async create(properties, context) {
      await apply(properties, context);
      return values(context.generateName(80));
    },
    async update(physicalId, properties, previous, context) {
      await apply(properties, context);
      for (const target of targets(previous)) {
        if (!targets(properties).includes(target)) await ignoreMissing(put(target, '', context));
      }
      return values(physicalId);
    },
    recover: async (_properties, context) => context.generateName(80),
    async delete(_id, properties, context) {
      for (const target of targets(properties)) await ignoreMissing(put(target, '', context));
    },
  };
}
