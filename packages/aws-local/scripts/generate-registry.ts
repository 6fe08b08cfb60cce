// Writes schemas.json: of the CloudFormation registry's schemas, what the engine needs of the types that have a provider here.
// The whole database takes 0.6 s and 150 MB to load, which every start would pay. Run with: node --conditions=source --import tsx packages/aws-local/scripts/generate-registry.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, TypeDefinition } from '@aws-cdk/service-spec-types';
import type { PropertySchema, ResourceSchema } from '../src/cloudformation/registry/registry';
import { providerFor, RESOURCE_TYPES } from '../src/services';

const database = loadAwsServiceSpecSync();

function nestedType(type: PropertyType, definitions: Map<string, TypeDefinition>): string | undefined {
  if (type.type === 'ref') {
    const definition = database.get('typeDefinition', type.reference.$ref);
    definitions.set(definition.name, definition);
    return definition.name;
  }
  // Lists and maps are compared as a whole: an element's own replacement rule cannot be told from a moved element.
  return undefined;
}

function elementType(type: PropertyType, definitions: Map<string, TypeDefinition>): string | undefined {
  return type.type === 'array' ? nestedType(type.element, definitions) : undefined;
}

/** Of a scalar, and of what lists and maps of scalars hold. */
function scalarType(type: PropertyType): PropertySchema['scalar'] {
  if (type.type === 'array' || type.type === 'map') return scalarType(type.element);
  if (type.type === 'integer' || type.type === 'number') return 'number';
  return type.type === 'string' || type.type === 'boolean' ? type.type : undefined;
}

function describe(properties: Readonly<Record<string, Property>>, definitions: Map<string, TypeDefinition>) {
  const described: Record<string, PropertySchema> = {};
  for (const name of Object.keys(properties).sort()) {
    const property = properties[name];
    if (!property) continue;
    const replaces = property.causesReplacement;
    const type = nestedType(property.type, definitions);
    const element = elementType(property.type, definitions);
    const scalar = scalarType(property.type);
    described[name] = {
      ...(property.required ? { required: true } : {}),
      ...(replaces === 'yes' || replaces === 'maybe' ? { replaces } : {}),
      ...(type ? { type } : {}),
      ...(element ? { element } : {}),
      ...(scalar ? { scalar } : {}),
    };
  }
  return described;
}

const registered = (type: string) => database.lookup('resource', 'cloudFormationType', 'equals', type);

function describeResource(cloudFormationType: string): ResourceSchema {
  const resource = registered(cloudFormationType).only();
  const definitions = new Map<string, TypeDefinition>();
  const properties = describe(resource.properties, definitions);
  const types: Record<string, Record<string, PropertySchema>> = {};
  for (const [name, definition] of definitions) types[name] = describe(definition.properties, definitions);
  return {
    properties,
    types,
    attributes: Object.keys(resource.attributes).sort(),
    replacementPaths: (resource.additionalReplacementProperties ?? []).map((path) => path.join('.')),
  };
}

// The CDK's own types are not in the registry, and a custom resource has any property.
const isOpen = (type: string) => providerFor(type)?.properties[0] === '*';
const types = RESOURCE_TYPES.filter((type) => registered(type).length > 0 && !isOpen(type));
const schemas = Object.fromEntries(types.map((type) => [type, describeResource(type)]));
writeFileSync(
  join(import.meta.dirname, '../src/cloudformation/registry/schemas.json'),
  `${JSON.stringify(schemas)}\n`,
);
