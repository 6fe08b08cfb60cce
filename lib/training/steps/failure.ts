// How a run says which step failed and why. Every call that can fail leads to its step's Fail state, whose cause is JSON, so that
// the notification names the step instead of quoting a stack of states.
import type { IChainable, Map as MapState, Parallel } from 'aws-cdk-lib/aws-stepfunctions';
import { Fail, type TaskStateBase } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** One step of the pipeline as people read it: `import`, `train`, `campaign`. Calls inside hang on its failure. */
export class Step extends Construct {
  private readonly failed: Fail;

  constructor(
    scope: Construct,
    readonly name: string,
  ) {
    super(scope, name);
    this.failed = Fail.jsonata(this, `${name}: failed`, {
      error: 'StepFailed',
      cause: `{% $string({'step': '${name}', 'error': $states.input.Error, 'reason': $states.input.Cause}) %}`,
    });
  }

  /** A task's every error that is not handled otherwise ends the run as a failure of this step. */
  guard<State extends TaskStateBase | MapState | Parallel>(state: State): State {
    state.addCatch(this.failed, { errors: ['States.ALL'] });
    return state;
  }

  /** Ends the run as a failure of this step; `cause` is a JSONata expression. */
  fail(id: string, error: string, cause: string): IChainable {
    return Fail.jsonata(this, `${this.name}: ${id}`, {
      error: 'StepFailed',
      cause: `{% $string({'step': '${this.name}', 'error': '${error}', 'reason': ${cause}}) %}`,
    });
  }
}
