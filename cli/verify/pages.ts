// After a deployment: whether the site answers as it should, and guards what it answers with.
import { type Check, check, type Finding, fails, ok } from '../checks';

const PAGES = ['/', '/enabler.html', '/board.html', '/console.html'] as const;

/** What every page has to carry (`lib/constructs/security-headers.ts`), by what has to be in it. */
const HEADERS: Readonly<Record<string, RegExp>> = {
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'strict-transport-security': /max-age=\d{7,}/,
  'x-content-type-options': /nosniff/,
  'x-frame-options': /DENY/,
  'referrer-policy': /no-referrer/,
  'permissions-policy': /camera=\(\)/,
  'cross-origin-opener-policy': /same-origin/,
};

/** @param site without a slash at the end */
export async function pageChecks(site: string): Promise<Check[]> {
  return [
    await check('pages', async () => {
      const answers = await Promise.all(PAGES.map((path) => fetch(site + path)));
      const wrong = answers.filter(
        ({ status, headers }) => status !== 200 || !headers.get('content-type')?.startsWith('text/html'),
      );
      return wrong.length === 0
        ? ok(`${PAGES.length} pages answer`)
        : fails(
            wrong.map(({ url, status }) => `${url}: ${status}`).join(', '),
            'Deploy the Site stack again; right after the first deployment CloudFront needs a few minutes.',
          );
    }),
    await check('headers', async () => {
      const missing = await Promise.all(
        PAGES.map(async (path) => missingHeaders(path, await fetch(site + path))),
      );
      return missing.flat().length === 0
        ? ok(`${Object.keys(HEADERS).length} security headers on each page`)
        : fails(missing.flat().join(', '), 'Deploy the Site stack again: it has the headers.');
    }),
    await check('unknown call', () =>
      expectStatus(`${site}/api/no-such-call`, 404, 'the API answers what there is not with a problem'),
    ),
    await check('call without a token', () =>
      expectStatus(`${site}/api/images`, 401, 'the API asks who calls'),
    ),
    await check('files of Amazon Personalize', () =>
      expectStatus(`${site}/personalize/config/`, 404, 'the site does not hand them out'),
    ),
  ];
}

function missingHeaders(path: string, { headers }: Response): string[] {
  return Object.entries(HEADERS)
    .filter(([name, wanted]) => !wanted.test(headers.get(name) ?? ''))
    .map(([name]) => `${path}: ${name} is ${headers.get(name) ?? 'absent'}`);
}

async function expectStatus(url: string, wanted: number, meaning: string): Promise<Finding> {
  const { status } = await fetch(url);
  return status === wanted
    ? ok(`${wanted}: ${meaning}`)
    : fails(`${url} answered ${status}, expected ${wanted}`, 'See the runbook, "api-server-errors".');
}
