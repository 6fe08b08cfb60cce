// Filter patterns of CloudWatch Logs, for unstructured text: terms, phrases, ?optional and -excluded terms, %regex%.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
import { AwsError } from '../../service';

/** @throws InvalidParameterException for patterns over JSON or fields, which are not supported on localhost */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{') || text.startsWith('[')) {
    throw new AwsError(
      'InvalidParameterException',
      'Filter patterns for JSON and for fields are not supported on localhost.',
    );
  }
  const regex = /^%(.*)%$/s.exec(text);
  if (regex) {
    const expression = new RegExp(regex[1] ?? '');
    return (message) => expression.test(message);
  }
  const required: string[] = [];
  const optional: string[] = [];
  const excluded: string[] = [];
  for (const [, sign, quoted, bare] of text.matchAll(/([?-]?)(?:"([^"]*)"|(\S+))/g)) {
    const list = sign === '?' ? optional : sign === '-' ? excluded : required;
    list.push(quoted ?? bare ?? '');
  }
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}
