// The JSON Schema of configuration files, made from the same rules that the pipeline reads them with. Editors check and complete
// with it; what only holds between sections (names that must differ, sections that need each other) is left to `config:check`.
import { z } from 'zod';
import { configuration } from './configuration';

/** Draft 2020-12. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    title: 'Configuration of the training pipeline',
    description: 'What one dataset group of Amazon Personalize shall have.',
    ...z.toJSONSchema(configuration, { io: 'input', unrepresentable: 'any', reused: 'ref' }),
  };
}
