// Schemas that a person gives as files: which dataset each is for follows from its record's name.
import { readSchema } from '@emotion-gallery/personalize-rules/schemas';
import { namesIn } from '../arguments';
import { UserError } from '../command';
import { readText } from '../files';
import type { GivenSchema } from './describe';
import { KINDS, type Kind } from './kinds';

/** @param files separated by commas. @throws UserError with all faults of the first file that has some */
export async function givenSchemas(files: string | undefined): Promise<Partial<Record<Kind, GivenSchema>>> {
  const found: Partial<Record<Kind, GivenSchema>> = {};
  for (const file of namesIn(files ?? '')) {
    let document: object;
    try {
      document = JSON.parse(await readText(file));
    } catch (error) {
      if (error instanceof SyntaxError) throw new UserError(`${file} is no JSON: ${error.message}`);
      throw error;
    }
    const { schema, problems } = readSchema(document);
    const kind = KINDS.find((each) => each === schema?.type);
    if (!schema || !kind) {
      const faults = problems.map(({ path, message }) => `${file}, ${path.join('.')}: ${message}`);
      throw new UserError(faults.join('\n') || `${file} is a schema for ${schema?.type}`);
    }
    found[kind] = { document, schema };
  }
  return found;
}
