// The README's part about services, made from their declarations. Writes it when it is run:
// node --conditions=source --import tsx packages/aws-local/scripts/services-table.ts
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { createAwsEndpoint } from '../src/endpoint';
import { SERVICES } from '../src/services';

const README = join(__dirname, '../README.md');
const PART = /(<!-- services -->\n)[\s\S]*(<!-- \/services -->)/;

/** The README with its part as the declarations are now. */
export async function currentReadme(): Promise<string> {
  const stateDir = mkdtempSync(join(tmpdir(), 'services-'));
  const aws = await createAwsEndpoint({
    stateDir,
    region: 'us-east-1',
    accountId: '000000000000',
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(1),
    log: () => undefined,
  });
  try {
    const parts = [...SERVICES]
      .sort((a, b) => (a.title < b.title ? -1 : 1))
      .map(({ id, title, resources = {}, differences = [] }) => {
        const types = Object.keys(resources).sort();
        return [
          `### ${title}\n`,
          `Operations: ${[...aws.operations(id)].sort().join(', ')}.\n`,
          ...(types.length > 0
            ? [`CloudFormation: ${types.map((type) => `\`${type}\``).join(', ')}.\n`]
            : []),
          ...(differences.length > 0
            ? [`Known differences:\n\n${differences.map((one) => `- ${one}`).join('\n')}\n`]
            : []),
        ].join('\n');
      });
    return readFileSync(README, 'utf8').replace(
      PART,
      (_whole, begin: string, end: string) => `${begin}\n${parts.join('\n')}\n${end}`,
    );
  } finally {
    await aws.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

if (require.main === module) void currentReadme().then((text) => writeFileSync(README, text));
