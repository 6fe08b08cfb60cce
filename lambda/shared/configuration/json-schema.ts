// The JSON Schema of configuration files, made from the same rules that the pipeline reads them with. Editors check and complete
// with it; what only holds between sections (names that must differ, sections that need each other) is left to `config:check`.
import { z } from 'zod';
import { configuration } from './configuration';
import { sampleParameters } from './sample-format';

/** Draft 2020-12. */
export function configurationJsonSchema(): Readonly<Record<string, unknown>> {
  const either = z.union([configuration, sampleParameters]);
  return {
    title: 'Configuration of the training pipeline',
    description: 'The format of Emotion Gallery, or the parameter file of the AWS sample pipeline.',
    ...z.toJSONSchema(either, { io: 'input', unrepresentable: 'any', reused: 'ref' }),
  };
}
