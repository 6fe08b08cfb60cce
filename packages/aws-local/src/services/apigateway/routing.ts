// Which route of an HTTP API a request takes.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
import type { HttpApi } from './model';

export interface RouteMatch {
  readonly routeKey: string;
  readonly integrationId: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate extends RouteMatch {
  /** The greater of two wins at the first difference. */
  readonly rank: readonly number[];
}

/** Exact segments beat parameters, parameters beat a greedy one, a method beats ANY, anything beats `$default`. */
export function findRoute(api: HttpApi, method: string, path: string): RouteMatch | undefined {
  const candidates: Candidate[] = [];
  for (const route of Object.values(api.routes)) {
    const integrationId = route.Target.slice('integrations/'.length);
    if (route.RouteKey === '$default') {
      candidates.push({ routeKey: route.RouteKey, integrationId, pathParameters: {}, rank: [-1] });
      continue;
    }
    const [wantedMethod = '', template = ''] = route.RouteKey.split(' ');
    if (wantedMethod !== 'ANY' && wantedMethod !== method) continue;
    const match = matchTemplate(template, path);
    if (!match) continue;
    const rank = [...match.rank, wantedMethod === 'ANY' ? 0 : 1];
    candidates.push({ routeKey: route.RouteKey, integrationId, pathParameters: match.parameters, rank });
  }
  return candidates.sort((a, b) => compareRanks(b.rank, a.rank))[0];
}

function matchTemplate(
  template: string,
  path: string,
): { readonly parameters: Record<string, string>; readonly rank: number[] } | undefined {
  const wanted = template.split('/').slice(1);
  const given = path.split('/').slice(1);
  const parameters: Record<string, string> = {};
  const rank: number[] = [];
  for (const [index, part] of wanted.entries()) {
    const name = /^\{([\w.-]+)(\+?)\}$/.exec(part);
    const value = given[index];
    if (value === undefined) return undefined;
    if (!name) {
      if (part !== value) return undefined;
      rank.push(3);
    } else if (name[2]) {
      parameters[name[1] ?? ''] = decode(given.slice(index).join('/'));
      rank.push(1);
      return { parameters, rank };
    } else {
      if (value === '') return undefined;
      parameters[name[1] ?? ''] = decode(value);
      rank.push(2);
    }
  }
  return given.length === wanted.length ? { parameters, rank } : undefined;
}

/** A broken escape reaches the function as it came. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
