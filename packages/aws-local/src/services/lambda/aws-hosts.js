// In a function's process the hosts of AWS lead to the local endpoint, as DNS leads to AWS in a real one. SDKs do not need it
// (they have AWS_ENDPOINT_URL); custom resources do, because CloudFormation hands them a presigned URL of S3.
// Plain JavaScript, because node runs it as it is.
const http = require('node:http');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');

const isAwsHost = (hostname) => /(^|\.)amazonaws\.com$/.test(hostname ?? '');

function toEndpoint(endpoint, hostname, options) {
  const headers = { ...options.headers, host: hostname };
  return {
    ...options,
    protocol: 'http:',
    agent: undefined,
    host: endpoint.hostname,
    hostname: endpoint.hostname,
    port: endpoint.port,
    headers,
  };
}

function redirectHttps(endpoint) {
  const { request } = https;
  https.request = (target, ...rest) => {
    const isAddress = typeof target === 'string' || target instanceof URL;
    const fromUrl = isAddress ? urlOptions(new URL(target)) : {};
    const given = isAddress && typeof rest[0] === 'object' ? rest[0] : isAddress ? {} : target;
    const options = { ...fromUrl, ...given };
    const hostname = options.hostname ?? options.host;
    if (!isAwsHost(hostname)) return request(target, ...rest);
    const callback = rest.find((argument) => typeof argument === 'function');
    return http.request(toEndpoint(endpoint, hostname, options), callback);
  };
  https.get = (...args) => {
    const sent = https.request(...args);
    sent.end();
    return sent;
  };
}

const urlOptions = (url) => ({ hostname: url.hostname, path: url.pathname + url.search });

function send(endpoint, url, request, body) {
  return new Promise((resolve, reject) => {
    const headers = { ...Object.fromEntries(request.headers), 'content-length': String(body.length) };
    const options = { method: request.method, path: url.pathname + url.search, headers };
    const sent = http.request(toEndpoint(endpoint, url.hostname, options), (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const content = Buffer.concat(chunks);
        const init = { status: response.statusCode, headers: response.headers };
        resolve(new Response(content.length > 0 ? content : null, init));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function redirectFetch(endpoint) {
  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!isAwsHost(url.hostname)) return fetch(input, init);
    const request = new Request(input, init);
    return send(endpoint, url, request, Buffer.from(await request.arrayBuffer()));
  };
}

function redirectAwsHosts(endpointUrl) {
  const endpoint = new URL(endpointUrl);
  redirectHttps(endpoint);
  redirectFetch(endpoint);
  syncBuiltinESMExports();
}

module.exports = { redirectAwsHosts };
