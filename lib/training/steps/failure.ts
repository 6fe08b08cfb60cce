// How a run says which step failed and why. Every call that can fail leads to its step's failure, whose cause is JSON, so that
// the notification names the step instead of quoting a stack of states.
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  Pass,
  type State,
  type TaskStateBase,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** The cause of a function's error is JSON around its message; that of everything else is the message. */
const reasonOf = (cause: string) =>
  `($contains(${cause}, /^\\{.*"errorMessage"/) ? $parse(${cause}).errorMessage : ${cause})`;

/**
 * One step of the pipeline as people read it: `import`, `train`, `serve`. Step Functions lets a state lead only to states of its
 * own graph, so the inside of each Map has a Step of its own (`inside`) under the same name.
 */
export class Step extends Construct {
  private failed?: Fail;

  constructor(
    scope: Construct,
    id: string,
    readonly name: string = id,
    /** Where a failure goes on; it finds `$failure`. @default - the graph ends with the failure as its error */
    private readonly onFailure?: State & IChainable,
  ) {
    super(scope, id);
  }

  /** The same step within a Map's item processor. */
  inside(id: string): Step {
    return new Step(this, id, this.name);
  }

  /** A task's every error that is not handled otherwise is a failure of this step. Call it after the task's own catchers. */
  guard<Task extends TaskStateBase>(task: Task): Task {
    if (this.onFailure) {
      const failure = `{% {'step': '${this.name}', 'error': $states.errorOutput.Error, 'reason': ${reasonOf('$states.errorOutput.Cause')}} %}`;
      task.addCatch(this.onFailure, { errors: ['States.ALL'], assign: { failure } });
      return task;
    }
    this.failed ??= Fail.jsonata(
      this,
      `${this.node.id === this.name ? this.name : `${this.name}, ${this.node.id}`}: failed`,
      {
        error: 'StepFailed',
        cause: `{% $string({'step': '${this.name}', 'error': $states.input.Error, 'reason': $states.input.Cause}) %}`,
      },
    );
    task.addCatch(this.failed, { errors: ['States.ALL'] });
    return task;
  }

  /** Goes one way or the other; `condition` is JSONata. */
  choose(id: string, condition: string, yes: IChainable, no: IChainable): Choice {
    return Choice.jsonata(this, `${this.name}: ${id}`)
      .when(Condition.jsonata(`{% ${condition} %}`), yes)
      .otherwise(no);
  }

  /** Goes on where this step's failures do; `reason` is JSONata. */
  giveUp(id: string, error: string, reason: string): IChainable {
    if (!this.onFailure) return this.fail(id, error, reason);
    const failure = `{% {'step': '${this.name}', 'error': '${error}', 'reason': ${reason}} %}`;
    return Pass.jsonata(this, `${this.name}: ${id}`, { assign: { failure } }).next(this.onFailure);
  }

  /** Ends the graph as a failure of this step; `reason` is JSONata. */
  fail(id: string, error: string, reason: string): IChainable {
    return Fail.jsonata(this, `${this.name}: ${id}`, {
      error: 'StepFailed',
      cause: `{% $string({'step': '${this.name}', 'error': '${error}', 'reason': ${reason}}) %}`,
    });
  }
}
