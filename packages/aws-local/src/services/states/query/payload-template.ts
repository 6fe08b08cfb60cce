// Payload templates of JSONPath states: members whose name ends in `.$` are paths or intrinsic functions.
import { RuntimeFailure } from '../language/failure';
import { callIntrinsic, parseCall } from './intrinsic-functions';
import { findPath, type PathScope } from './jsonpath';

/** @throws StateFailure when something is not there, or cannot be computed */
export function fillTemplate(template: unknown, scope: PathScope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluateText(String(value), name, scope)]
        : [name, fillTemplate(value, scope)],
    ),
  );
}

/** A path or a call of an intrinsic function. @param field For the message. @throws StateFailure */
export function evaluateText(text: string, field: string, scope: PathScope): unknown {
  if (!text.startsWith('$'))
    return callIntrinsic(parseCall(text), (path) => valueAt(path, field, scope), text);
  return valueAt(text, field, scope);
}

function valueAt(path: string, field: string, scope: PathScope): unknown {
  const found = findPath(path, scope);
  if ('value' in found) return found.value;
  throw new RuntimeFailure(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(scope.input)}'`,
  );
}
