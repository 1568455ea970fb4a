import { AppError } from '#common/contract/errors';
import type { ParameterAttributes } from '#engine/graph/ops/sources';
import { parameterOp } from '#engine/graph/ops/sources';
import type { Shape } from '#engine/graph/tensor';
import { describeShape, sameShape, Tensor } from '#engine/graph/tensor';

/** How a new network's parameter is filled; seeded by its name, so adding a layer changes no other one. */
export type Initializer =
  | { readonly kind: 'normal'; readonly mean?: number; readonly deviation: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'constant'; readonly value: number }
  /** Given by whoever makes the state: positions, lookup tables. */
  | { readonly kind: 'values'; readonly values: Float32Array };

export const zeros: Initializer = { kind: 'constant', value: 0 };

/** A normal distribution about 0. */
export function normal(deviation = 1): Initializer {
  return { kind: 'normal', deviation };
}

/**
 * The named parameters of one network. Layers are functions that ask a scope for what they need; asking twice
 * for one name gives the same tensor, so a network applied to two inputs shares its weights.
 *
 *     const parameters = new Parameters();
 *     const hidden = lrelu(linear(parameters.scope('mapping.fc0'), z, 64));
 */
export class Parameters {
  readonly #byName = new Map<string, Tensor<ParameterAttributes>>();

  /** All that were asked for, in that order: what a checkpoint holds. */
  get all(): readonly Tensor<ParameterAttributes>[] {
    return [...this.#byName.values()];
  }

  /** Those a training step changes: all but the buffers. */
  get trained(): readonly Tensor<ParameterAttributes>[] {
    return this.all.filter(({ attributes }) => attributes.isBuffer !== true);
  }

  scope(path = ''): Scope {
    return new Scope(this, path);
  }

  /** @throws AppError graph.badShape where the name is known with another shape */
  declare(name: string, shape: Shape, initializer: Initializer, isBuffer = false): Tensor {
    const known = this.#byName.get(name);
    if (known !== undefined) {
      if (!sameShape(known.shape, shape)) {
        throw new AppError(
          'graph.badShape',
          `The parameter ${name} was declared as ${describeShape(known.shape)} and again as ${describeShape(shape)}.`,
        );
      }
      return known;
    }
    const type = { shape: [...shape], elementType: 'float32' as const };
    const attributes: ParameterAttributes = { kind: 'parameter', name, type, initializer, isBuffer };
    const declared = new Tensor(parameterOp, [], attributes, name.replace(/\.[^.]*$/, '') || name);
    this.#byName.set(name, declared);
    return declared;
  }
}

/** A place in the tree of parameter names. */
export class Scope {
  readonly #parameters: Parameters;
  readonly path: string;

  constructor(parameters: Parameters, path: string) {
    this.#parameters = parameters;
    this.path = path;
  }

  child(name: string): Scope {
    return new Scope(this.#parameters, this.#join(name));
  }

  parameter(name: string, shape: Shape, initializer: Initializer): Tensor {
    return this.#parameters.declare(this.#join(name), shape, initializer);
  }

  /** Stored under its name like a parameter, but not among `Parameters.trained`. */
  buffer(name: string, shape: Shape, initializer: Initializer): Tensor {
    return this.#parameters.declare(this.#join(name), shape, initializer, true);
  }

  #join(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}
