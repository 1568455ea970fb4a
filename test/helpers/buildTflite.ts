/** One tensor of a hand-made tflite model; constants carry their little-endian bytes. */
export interface TestTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** 0 float32, 1 float16, 2 int32. */
  readonly type?: number;
  readonly data?: Float32Array | Uint16Array | Int32Array;
}

export interface TestOperator {
  /** Builtin code, or the name of a custom operator. */
  readonly code: number | string;
  readonly version?: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Field number -> int32 value of the builtin options table. */
  readonly options?: Readonly<Record<number, number>>;
  readonly customOptions?: Uint8Array;
}

type Node =
  | { readonly kind: 'table'; readonly fields: readonly (Node | number | undefined)[] }
  | { readonly kind: 'vector'; readonly items: readonly Node[] }
  | { readonly kind: 'ints'; readonly values: readonly number[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const table = (...fields: (Node | number | undefined)[]): Node => ({ kind: 'table', fields });
const vector = (items: readonly Node[]): Node => ({ kind: 'vector', items });
const ints = (values: readonly number[]): Node => ({ kind: 'ints', values });
const text = (value: string): Node => ({ kind: 'bytes', bytes: Buffer.from(value) });

/** Bytes of a tflite file with one subgraph. Scalars are all written as int32, which readers of int8 accept. */
export function buildTflite(model: {
  readonly tensors: readonly TestTensor[];
  readonly operators: readonly TestOperator[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}): Uint8Array {
  const buffers: Node[] = [table()];
  const tensors = model.tensors.map((tensor) => {
    let buffer = 0;
    if (tensor.data !== undefined) {
      const { buffer: memory, byteOffset, byteLength } = tensor.data;
      buffer =
        buffers.push(table({ kind: 'bytes', bytes: new Uint8Array(memory, byteOffset, byteLength) })) - 1;
    }
    return table(ints(tensor.shape), tensor.type ?? 0, buffer, text(tensor.name));
  });
  const codes = model.operators.map(({ code, version }) =>
    typeof code === 'number'
      ? table(0, undefined, version ?? 1, code)
      : table(32, text(code), version ?? 1, 32),
  );
  const operators = model.operators.map((operator, index) =>
    table(
      index,
      ints(operator.inputs),
      ints(operator.outputs),
      undefined,
      operator.options && table(...fieldsOf(operator.options)),
      operator.customOptions && { kind: 'bytes', bytes: operator.customOptions },
    ),
  );
  const subgraph = table(vector(tensors), ints(model.inputs), ints(model.outputs), vector(operators));
  return write(table(3, vector(codes), vector([subgraph]), undefined, vector(buffers)));
}

function fieldsOf(options: Readonly<Record<number, number>>): (number | undefined)[] {
  const last = Math.max(-1, ...Object.keys(options).map(Number));
  return Array.from({ length: last + 1 }, (_, field) => options[field]);
}

/** Lays nodes out parents first, so that every offset points forward. */
function write(root: Node): Uint8Array {
  const positions = new Map<Node, number>();
  const order: Node[] = [];
  let end = 8;
  const queue: Node[] = [root];
  for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
    order.push(node);
    end = Math.ceil(end / 16) * 16;
    if (node.kind === 'table') {
      const vtableSize = 4 + 2 * node.fields.length;
      const at = Math.ceil((end + vtableSize) / 4) * 4;
      positions.set(node, at);
      end = at + 4 + 4 * node.fields.length;
      queue.push(...node.fields.filter((field) => typeof field === 'object'));
    } else {
      positions.set(node, end);
      if (node.kind === 'vector') queue.push(...node.items);
      end += 4 + (node.kind === 'bytes' ? node.bytes.length + 1 : 4 * childCount(node));
    }
  }
  const bytes = new Uint8Array(end);
  const view = new DataView(bytes.buffer);
  const at = (node: Node): number => positions.get(node) ?? 0;
  view.setUint32(0, at(root), true);
  bytes.set(Buffer.from('TFL3'), 4);
  for (const node of order) writeNode(node, at, view);
  return bytes;
}

function childCount(node: Node): number {
  return node.kind === 'vector' ? node.items.length : node.kind === 'ints' ? node.values.length : 0;
}

function writeNode(node: Node, at: (node: Node) => number, view: DataView): void {
  const start = at(node);
  switch (node.kind) {
    case 'bytes':
      view.setUint32(start, node.bytes.length, true);
      new Uint8Array(view.buffer).set(node.bytes, start + 4);
      return;
    case 'ints':
      view.setUint32(start, node.values.length, true);
      node.values.forEach((value, index) => view.setInt32(start + 4 + 4 * index, value, true));
      return;
    case 'vector':
      view.setUint32(start, node.items.length, true);
      node.items.forEach((item, index) => {
        const field = start + 4 + 4 * index;
        view.setUint32(field, at(item) - field, true);
      });
      return;
    case 'table': {
      const vtable = start - (4 + 2 * node.fields.length) - ((start - (4 + 2 * node.fields.length)) % 2);
      view.setUint16(vtable, 4 + 2 * node.fields.length, true);
      view.setUint16(vtable + 2, 4 + 4 * node.fields.length, true);
      view.setInt32(start, start - vtable, true);
      node.fields.forEach((field, index) => {
        if (field === undefined) return;
        const position = start + 4 + 4 * index;
        view.setUint16(vtable + 4 + 2 * index, 4 + 4 * index, true);
        if (typeof field === 'number') view.setInt32(position, field, true);
        else view.setUint32(position, at(field) - position, true);
      });
    }
  }
}

/** A FlexBuffer map of numbers (as float32 where they have a fraction) and integer vectors, all four bytes wide. */
export function buildFlexMap(values: Readonly<Record<string, number | readonly number[]>>): Uint8Array {
  const bytes: number[] = [];
  const push32 = (value: number, isFloat = false): void => {
    const scratch = new DataView(new ArrayBuffer(4));
    if (isFloat) scratch.setFloat32(0, value, true);
    else scratch.setInt32(0, value, true);
    for (let index = 0; index < 4; index++) bytes.push(scratch.getUint8(index));
  };
  const names = Object.keys(values).sort();
  const keys = names.map((name) => {
    const start = bytes.length;
    bytes.push(...Buffer.from(name), 0);
    return start;
  });
  const vectors = new Map<string, number>();
  for (const name of names) {
    const value = values[name];
    if (typeof value === 'number') continue;
    push32(value.length);
    vectors.set(name, bytes.length);
    for (const item of value) push32(item);
  }
  push32(names.length);
  const keyVector = bytes.length;
  for (const key of keys) push32(bytes.length - key);
  push32(bytes.length - keyVector);
  push32(4);
  push32(names.length);
  const mapStart = bytes.length;
  const types: number[] = [];
  for (const name of names) {
    const value = values[name];
    if (typeof value !== 'number') {
      push32(bytes.length - (vectors.get(name) ?? 0));
      types.push((11 << 2) | 2);
    } else {
      push32(value, !Number.isInteger(value));
      types.push(((Number.isInteger(value) ? 1 : 3) << 2) | 2);
    }
  }
  bytes.push(...types);
  push32(bytes.length - mapStart);
  bytes.push((9 << 2) | 2, 4);
  return Uint8Array.from(bytes);
}
