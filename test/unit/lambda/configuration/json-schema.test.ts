// The published JSON Schema is that of the code.
import published from '../../../../docs/configuration.schema.json';
import { configurationJsonSchema } from '../../../../lambda/shared/configuration/json-schema';
import { readConfiguration } from '../../../../lambda/shared/configuration/read';

test('docs/configuration.schema.json is current; npm run config:schema writes it anew', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(configurationJsonSchema())));
});

test('a file may name the schema for the editor that it is written in', () => {
  const text = JSON.stringify({ $schema: '../docs/configuration.schema.json', solutions: [] });
  expect(readConfiguration(text)).toMatchObject({ ok: true });
});
