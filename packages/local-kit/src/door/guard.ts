// Keeps web pages out. Every page that somebody has open can send requests to localhost; what it cannot do is choose the headers by
// which a browser says where a request comes from.
//   Host: a page that had its own name pointed at this machine (DNS rebinding) still calls us by that name.
//   Origin: sent with everything but plain reads; programs (SDKs, the CLI, curl) send none.
//   Sec-Fetch-Site: sent to localhost with everything, plain reads too. https://www.w3.org/TR/fetch-metadata/
import type { IncomingMessage } from 'node:http';
import { type HostRules, hostName, isOurs } from './hosts';

export interface GuardProps extends HostRules {
  /**
   * Whether a link on a page elsewhere may lead here: for what is made to be looked at and shared. A link only reads; framing,
   * embedding and sending a form from elsewhere stay refused. @default false
   */
  readonly linkable?: boolean;
}

type Request = Pick<IncomingMessage, 'method' | 'url' | 'headers'>;

/** Two names of one server are two origins: ports count. */
function isSameOrigin(origin: string, host: string): boolean {
  const ours = `http://${host}`;
  return URL.canParse(origin) && URL.canParse(ours) && new URL(origin).host === new URL(ours).host;
}

function originIsOurs(origin: string, host: string, hosts: readonly string[]): boolean {
  if (isSameOrigin(origin, host)) return true;
  // Behind a proxy that the person named, the page's own address is the proxy's.
  return URL.canParse(origin) && hosts.includes(new URL(origin).hostname);
}

function isFollowedLink({ method, headers }: Request): boolean {
  // Only what becomes a page in a tab of its own has this destination.
  return (method === 'GET' || method === 'HEAD') && headers['sec-fetch-dest'] === 'document';
}

/** The authority of an absolute request target (`GET http://name/ HTTP/1.1`), which counts before the Host header. */
function targetAuthority(url = '/'): string | undefined {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/** Why a request is refused, as a sentence for the person who wonders; undefined for one that may come in. Reads no body. */
export function refusal(request: Request, props: GuardProps = {}): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers;
  for (const authority of [host, targetAuthority(request.url) ?? host]) {
    const name = hostName(authority);
    if (name === undefined || !isOurs(name, props)) {
      return `This server is not called '${authority}': it answers to localhost and 127.0.0.1${(props.hosts ?? []).map((known) => `, ${known}`).join('')}. (Option --allow-host adds a name.)`;
    }
  }
  if (origin !== undefined && !originIsOurs(origin, host, props.hosts ?? [])) {
    return `Requests of web pages from another origin are refused, and this one is of a page from '${origin}'.`;
  }
  const isForeign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isForeign && !(props.linkable && isFollowedLink(request))) {
    return `Requests of web pages from another site are refused (Sec-Fetch-Site: ${site}). To open this address yourself, type it into the browser.`;
  }
  return undefined;
}
