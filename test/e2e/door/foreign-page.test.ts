// A page of somebody else, open in a real browser on this machine, against AWS on localhost: it makes no role and no function, runs
// nothing and reads nothing, even if it knew the administrator's key, and even if its own name leads to this machine.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Browser, Page } from 'playwright-core';
import { REGION } from '../../../local/start/account';
import { type LocalAws, startLocalAws } from '../../local/aws/support/cli';
import { launchBrowser } from '../pages/browser';

const FOREIGN = 'evil.example';

/** A request as the SDK signed it. */
interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

let aws: LocalAws;
let elsewhere: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  aws = await startLocalAws();
  elsewhere = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Win a prize</h1>');
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  browser = await launchBrowser([
    `--host-resolver-rules=MAP ${FOREIGN} 127.0.0.1`,
    // Newer browsers guard this machine a little themselves; others do not.
    '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests',
  ]);
});

afterAll(async () => {
  await browser?.close();
  elsewhere?.close();
  await aws?.dispose();
});

beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.close());

const textOf = (body: string | Uint8Array) =>
  typeof body === 'string' ? body : Buffer.from(Uint8Array.from(body)).toString();

/** What the SDK would send to this address, signed with the administrator's key. */
async function signed(endpoint: string, send: (client: object) => Promise<unknown>): Promise<Signed> {
  const sent: (Omit<Signed, 'body'> & { readonly body: string | Uint8Array })[] = [];
  const requestHandler = {
    async handle(request: unknown): Promise<never> {
      sent.push(request as (typeof sent)[number]);
      throw new Error('not sent');
    },
  };
  const { credentials } = aws.endpoint;
  await send({ endpoint, region: REGION, credentials, maxAttempts: 1, requestHandler }).catch(
    () => undefined,
  );
  const [request] = sent;
  if (!request) throw new Error('the SDK sent nothing');
  const { host: _host, 'content-length': _length, ...headers } = request.headers;
  return { method: request.method, path: request.path, headers, body: textOf(request.body) };
}

/** One request makes a role that every function may take. */
const template = {
  Resources: {
    Intruder: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'intruder',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
  },
};
const createStack = new CreateStackCommand({
  StackName: 'intruder',
  TemplateBody: JSON.stringify(template),
  Capabilities: ['CAPABILITY_NAMED_IAM'],
});
const createRole = (endpoint: string) =>
  signed(endpoint, (client) => new CloudFormationClient(client).send(createStack));
const createFunction = (endpoint: string) =>
  signed(endpoint, (client) =>
    new LambdaClient(client).send(
      new CreateFunctionCommand({
        FunctionName: 'intruder',
        Role: 'arn:aws:iam::000000000000:role/intruder',
        Code: { ZipFile: Buffer.from('PK') },
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
      }),
    ),
  );
const listSecrets = (endpoint: string) =>
  signed(endpoint, (client) => new SecretsManagerClient(client).send(new ListSecretsCommand({})));

interface Sending {
  readonly url: string;
  readonly request: Signed;
  readonly mode: 'cors' | 'no-cors';
}

/** Sends from the page; the answer as far as the page may see it. */
const sendFromPage = (sending: Sending) =>
  page.evaluate(async ({ url, request: { method, path, headers, body }, mode }) => {
    try {
      const answer = await fetch(url + path, { method, mode, headers, body });
      return { type: answer.type, status: answer.status, text: await answer.text() };
    } catch (error) {
      return { type: 'error', status: 0, text: String(error) };
    }
  }, sending);

const foreignPage = () => page.goto(`http://${FOREIGN}:${(elsewhere.address() as AddressInfo).port}/`);

/** The page's own name leads to this port now, as after DNS rebinding. */
async function rebound(port: string): Promise<string> {
  const origin = `http://${FOREIGN}:${port}`;
  await page.route(`${origin}/prize`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>Win</h1>' }),
  );
  await page.goto(`${origin}/prize`);
  return origin;
}

async function made(): Promise<string[]> {
  const { call } = aws.endpoint;
  const { Roles } = await call('iam', 'ListRoles', {});
  const { Functions } = await call('lambda', 'ListFunctions', {});
  const { StackSummaries } = await call('cloudformation', 'ListStacks', {});
  const named = [...(Roles as object[]), ...(Functions as object[]), ...(StackSummaries as object[])];
  return named.map((one) => JSON.stringify(one)).filter((text) => text.includes('intruder'));
}
const refusals = () => aws.log.filter((line) => line.startsWith('refused:')).length;

test('a page of another origin makes no role: neither with its signature nor as a simple request', async () => {
  await foreignPage();
  const { endpoint } = aws.endpoint;
  const request = await createRole(endpoint);
  const before = refusals();
  expect(await sendFromPage({ url: endpoint, request, mode: 'cors' })).toMatchObject({ type: 'error' });
  const simple = { ...request, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  expect(await sendFromPage({ url: endpoint, request: simple, mode: 'no-cors' })).toMatchObject({
    type: 'opaque',
  });
  expect(refusals() - before).toBe(2);
  expect(await made()).toEqual([]);
});

test('a form that it sends off is answered with the reason', async () => {
  await foreignPage();
  const { endpoint } = aws.endpoint;
  await page.setContent(
    `<form method="post" action="${endpoint}/"><input name="Action" value="CreateRole"></form>`,
  );
  await Promise.all([
    page.waitForURL(`${endpoint}/`),
    page.locator('form').evaluate((form: HTMLFormElement) => form.submit()),
  ]);
  expect(await page.content()).toContain('web pages from another origin are refused');
});

test('a page whose name leads to this machine is refused by its name, whatever it signs', async () => {
  const { port } = new URL(aws.endpoint.endpoint);
  const origin = await rebound(port);
  for (const request of [await createRole(origin), await createFunction(origin), await listSecrets(origin)]) {
    const answer = await sendFromPage({ url: origin, request, mode: 'cors' });
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining(`not called`) });
  }
  expect(await made()).toEqual([]);
});

test('the same request from a program makes the role: it is the page that is refused', async () => {
  const { endpoint } = aws.endpoint;
  const { path, ...request } = await createRole(endpoint);
  expect((await fetch(endpoint + path, request)).status).toBe(200);
  // Answered when the stack is there.
  await aws.endpoint.call('cloudformation', 'DescribeStacks', { StackName: 'intruder' });
  expect(await made()).toHaveLength(2);
});

test('the site is there for its own pages and for links, and for no foreign request and no other name', async () => {
  const { siteUrl } = aws.endpoint;
  await foreignPage();
  const post = { method: 'POST', path: '/api/likes', headers: {}, body: '{}' };
  expect(await sendFromPage({ url: siteUrl, request: post, mode: 'no-cors' })).toMatchObject({
    type: 'opaque',
  });
  const answers: number[] = [];
  page.on('response', (response) => answers.push(response.status()));
  await Promise.all([
    page.waitForResponse(`${siteUrl}/emotions/a.png`),
    page.setContent(`<img src="${siteUrl}/emotions/a.png"><a href="${siteUrl}/">gallery</a>`),
  ]);
  await Promise.all([page.waitForURL(`${siteUrl}/`), page.locator('a').click()]);
  // No distribution is deployed here: that the site says so shows that it was asked.
  expect(answers).toEqual([403, 404]);
  const origin = await rebound(new URL(siteUrl).port);
  expect(await sendFromPage({ url: origin, request: post, mode: 'cors' })).toMatchObject({ status: 403 });
});
