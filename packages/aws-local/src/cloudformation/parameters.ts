// Parameter values of a stack: given, kept from before, or by default; and the template's rules about them.
import type { Resolver } from './intrinsics';
import { type Template, type TemplateParameter, validationError } from './template';

/** Reads an SSM parameter's value, for parameters of type `AWS::SSM::Parameter::Value<String>`. */
export type ReadSsmParameter = (name: string) => Promise<string>;

/** The values as given, by name; those of SSM types still name the SSM parameter. Throws ValidationError. */
export function mergeParameters(
  template: Template,
  given: readonly { ParameterKey?: string; ParameterValue?: string; UsePreviousValue?: string | boolean }[],
  previous: Readonly<Record<string, string>>,
): Record<string, string> {
  const values: Record<string, string> = {};
  const unknown = given.find(({ ParameterKey }) => !(ParameterKey && ParameterKey in template.Parameters));
  if (unknown) throw validationError(`Parameters: [${unknown.ParameterKey}] do not exist in the template`);
  for (const [name, parameter] of Object.entries(template.Parameters)) {
    const entry = given.find(({ ParameterKey }) => ParameterKey === name);
    const kept = String(entry?.UsePreviousValue) === 'true' ? previous[name] : entry?.ParameterValue;
    const value = kept ?? (parameter.Default === undefined ? undefined : String(parameter.Default));
    if (value === undefined) {
      throw validationError(
        parameter.Type.startsWith('AWS::SSM::Parameter')
          ? `Parameter ${name} should either have input value or default value`
          : `Parameters: [${name}] must have values`,
      );
    }
    if (parameter.AllowedValues && !parameter.AllowedValues.map(String).includes(value)) {
      throw validationError(`Parameter '${name}' must be one of AllowedValues`);
    }
    if (parameter.AllowedPattern && !new RegExp(`^(?:${parameter.AllowedPattern})$`).test(value)) {
      throw validationError(
        `Parameter ${name} failed to satisfy constraint: must match pattern ${parameter.AllowedPattern}`,
      );
    }
    checkRange(name, parameter, value);
    values[name] = value;
  }
  return values;
}

function checkRange(name: string, parameter: TemplateParameter, value: string): void {
  const { Type, MinLength, MaxLength, MinValue, MaxValue } = parameter;
  const fail = (rule: string) => {
    throw validationError(`Parameter ${name} failed to satisfy constraint: ${rule}`);
  };
  if (Type === 'Number' && (value.trim() === '' || Number.isNaN(Number(value)))) fail('must be a number');
  if (MinLength !== undefined && value.length < Number(MinLength))
    fail(`must have length ${MinLength} at least`);
  if (MaxLength !== undefined && value.length > Number(MaxLength))
    fail(`must have length ${MaxLength} at most`);
  if (MinValue !== undefined && Number(value) < Number(MinValue)) fail(`must be ${MinValue} at least`);
  if (MaxValue !== undefined && Number(value) > Number(MaxValue)) fail(`must be ${MaxValue} at most`);
}

/** What Ref gives for each parameter, and the values that SSM's parameters have. Throws ValidationError for a type that is not supported. */
export async function resolveParameters(
  template: Template,
  given: Readonly<Record<string, string>>,
  readSsm: ReadSsmParameter,
): Promise<{ readonly values: Record<string, unknown>; readonly ssmValues: Record<string, string> }> {
  const values: Record<string, unknown> = {};
  const ssmValues: Record<string, string> = {};
  for (const [name, { Type }] of Object.entries(template.Parameters)) {
    const value = given[name] ?? '';
    if (Type === 'String' || Type === 'Number') values[name] = value;
    else if (Type === 'CommaDelimitedList' || Type === 'List<String>' || Type === 'List<Number>') {
      values[name] = value.split(',').map((element) => element.trim());
    } else if (Type === 'AWS::SSM::Parameter::Value<String>') {
      ssmValues[name] = await readSsm(value);
      values[name] = ssmValues[name];
    } else if (Type.startsWith('AWS::') && !Type.includes('SSM')) values[name] = value;
    else throw validationError(`Parameter ${name}: the type ${Type} is not supported on localhost.`);
  }
  return { values, ssmValues };
}

/** Throws ValidationError for the first assertion of the template's Rules that does not hold. */
export function checkRules(template: Template, resolver: Resolver): void {
  for (const [name, rule] of Object.entries(template.Rules)) {
    if (rule.RuleCondition !== undefined && !resolver.truth(rule.RuleCondition)) continue;
    const failed = rule.Assertions.find(({ Assert }) => !resolver.truth(Assert));
    if (failed) {
      throw validationError(
        `Template validation error: rule ${name}: ${failed.AssertDescription ?? 'an assertion failed'}`,
      );
    }
  }
}
