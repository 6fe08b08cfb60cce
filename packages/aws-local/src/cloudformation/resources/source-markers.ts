// Values of the stack in the files of a bucket deployment: `Source.data` and its kin write markers into files, which are replaced when
// the values are known. As the CDK's own handler does it.
import type { Shape } from '../../service';

interface MarkersConfig {
  readonly jsonEscape?: unknown;
  readonly markerEncodings?: Readonly<Record<string, string>>;
}

const SAFE_PLAIN_YAML = /^[A-Za-z][A-Za-z0-9._-]*$/;
const YAML_RESERVED = /^(y|n|yes|no|true|false|on|off|null)$/i;

/** @throws Error for what has no text in that encoding */
function encoded(name: string, value: unknown, config: MarkersConfig): string {
  const byDefault = String(config.jsonEscape).toLowerCase() === 'true' ? 'UNQUOTED_JSON_VALUE' : 'LITERAL';
  const encoding = config.markerEncodings?.[name] ?? byDefault;
  const json = JSON.stringify(value);
  switch (encoding) {
    case 'LITERAL':
      if (typeof value !== 'string')
        throw new Error(`the marker ${name} stands for ${json}, which is no text`);
      return value;
    case 'UNQUOTED_JSON_VALUE':
      return typeof value === 'string' ? json.slice(1, -1) : json;
    case 'JSON_VALUE':
      return json;
    case 'YAML_STRING':
      if (typeof value !== 'string')
        throw new Error(`the marker ${name} stands for ${json}, which is no text`);
      return SAFE_PLAIN_YAML.test(value) && !YAML_RESERVED.test(value) ? value : json;
    default:
      throw new Error(`the marker ${name} has the encoding ${encoding}, which is not known on localhost`);
  }
}

/** The content with each marker replaced by its value. */
export function withMarkers(content: Buffer, markers: Shape = {}, config: MarkersConfig = {}): Buffer {
  const replacements = Object.entries(markers).map(
    ([name, value]) => [name, encoded(name, value, config)] as const,
  );
  if (replacements.length === 0) return content;
  // Each byte a character: files of any kind stay as they are but for the markers.
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  const replaced = replacements.reduce(
    (text, [name, value]) => text.replaceAll(bytes(name), () => bytes(value)),
    content.toString('latin1'),
  );
  return Buffer.from(replaced, 'latin1');
}
