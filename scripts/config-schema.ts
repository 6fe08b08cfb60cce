// Writes docs/configuration.schema.json: npm run config:schema.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { configurationJsonSchema } from '../lambda/shared/configuration/json-schema';

const file = resolve(__dirname, '../docs/configuration.schema.json');
writeFileSync(file, `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
