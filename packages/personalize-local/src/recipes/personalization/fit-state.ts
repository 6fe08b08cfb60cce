// What a FULL training leaves for UPDATE trainings beside its model: the data that it saw, and the parts of its inverses that
// cannot be read back from the model's weights. Only UPDATE trainings read it; serving does not load it.
import { type Buffers, bytesOf, float32, int32, json, jsonBytes, updateBuffer } from '../../engine/buffers';
import type { EaseWeights } from '../../engine/ease';
import type { Timelines } from '../../engine/histories';
import { IdTable } from '../../engine/id-table';
import type { UpdatableSequence } from '../../engine/sequence-model';
import { AffinityModel, type AffinityParts } from './affinity-model';

export interface FitState {
  /** Users of the timelines. */
  readonly users: IdTable;
  readonly timelines: Timelines;
  readonly ease: Pick<EaseWeights, 'corner' | 'lambda'>;
  /** Absent where the model has no sequence part. */
  readonly sequence?: Omit<UpdatableSequence, 'weights'>;
}

/** A fit that another one can start from. */
export interface Previous {
  readonly parts: AffinityParts;
  readonly state: FitState;
}

const names = {
  users: updateBuffer('users'),
  offsets: updateBuffer('offsets'),
  items: updateBuffer('items'),
  corner: updateBuffer('corner'),
  inverse: updateBuffer('sequence-inverse'),
  ridges: updateBuffer('ridges'),
} as const;

interface Ridges {
  readonly ease: number;
  readonly sequence?: number;
}

export function saveFitState(buffers: Map<string, Uint8Array>, state: FitState): void {
  const { users, timelines, ease, sequence } = state;
  const ridges: Ridges = { ease: ease.lambda, sequence: sequence?.lambda };
  users.save(buffers, names.users);
  buffers.set(names.offsets, bytesOf(timelines.offsets));
  buffers.set(names.items, bytesOf(timelines.items));
  buffers.set(names.corner, bytesOf(ease.corner));
  buffers.set(names.ridges, jsonBytes(ridges));
  if (sequence) buffers.set(names.inverse, bytesOf(sequence.inverse));
}

/** Undefined for a model without a state: one of neighbour lists has none. */
export function previousFit(buffers: Buffers): Previous | undefined {
  if (!buffers.has(names.ridges)) return undefined;
  const ridges = json<Ridges>(buffers, names.ridges);
  const users = IdTable.load(buffers, names.users);
  const offsets = int32(buffers, names.offsets);
  return {
    parts: AffinityModel.load(buffers).parts,
    state: {
      users,
      timelines: { users: users.length, offsets, items: int32(buffers, names.items) },
      ease: { corner: float32(buffers, names.corner), lambda: ridges.ease },
      sequence:
        ridges.sequence === undefined
          ? undefined
          : { inverse: float32(buffers, names.inverse), lambda: ridges.sequence },
    },
  };
}
