import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentReadme } from '../../scripts/services-table';

test('the README tells the services, operations and differences that the declarations have', async () => {
  // Otherwise: node --conditions=source --import tsx packages/aws-local/scripts/services-table.ts
  expect(readFileSync(join(__dirname, '../../README.md'), 'utf8')).toBe(await currentReadme());
});
