// AWS's own validation of templates, with the schemas of the CloudFormation registry in it; it comes with aws-cdk-lib.
import { createRequire } from 'node:module';

interface Diagnostic {
  readonly ruleId: string;
  readonly severity: 'FATAL' | 'ERROR' | 'WARN' | 'INFO';
  readonly message: string;
  readonly entity?: { readonly logicalId?: string };
  readonly propertyPath?: string;
}

interface Engine {
  validateTemplate(template: object): { readonly diagnostics: readonly Diagnostic[] };
  free(): void;
}

interface Validation {
  readonly CompositeEngine: new () => Engine;
  readonly TemplateContent: new (content: string, name: string) => object;
}

/** The package is bundled with aws-cdk-lib, where its version for this release is. */
const ofTheCdk = createRequire(require.resolve('aws-cdk-lib'));

/** A value that is none of the enumeration's is a warning to the validator, since services add values; to us it is a fault. */
const NO_MEMBER_OF_ENUM = 'W3030';

/** Reads templates as the service would, before anything is made. Compiling its rules takes seconds: make one, and free it. */
export class RegistryJudge {
  private readonly validation: Validation = ofTheCdk('@aws/cloudformation-validate');
  private readonly engine = new this.validation.CompositeEngine();

  problemsOf(name: string, template: object): string[] {
    const content = new this.validation.TemplateContent(JSON.stringify(template), name);
    return this.engine
      .validateTemplate(content)
      .diagnostics.filter(
        ({ severity, ruleId }) =>
          severity === 'FATAL' || severity === 'ERROR' || ruleId === NO_MEMBER_OF_ENUM,
      )
      .map(
        ({ ruleId, message, entity, propertyPath }) =>
          `${name}: ${entity?.logicalId} ${propertyPath}: ${ruleId} ${message}`,
      );
  }

  free(): void {
    this.engine.free();
  }
}
