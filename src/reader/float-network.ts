import { concatenate, field, fieldsOf, numberField, textOf, type Field } from './protobuf.js';

// Numbers of fields and types in onnx.proto.
const MODEL = { graph: 7 } as const;
const GRAPH = { node: 1 } as const;
const NODE = { input: 1, output: 2, name: 3, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, type: 20 } as const;
const INTEGER_TYPE = 2;

interface Node {
  readonly field: Field;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Makes of a network that was quantized dynamically (ONNX Runtime's `quantize_dynamic`) one that computes in floating point with the
 * same int8 weights. Rounding activations to 8 bits turns differences in the last bit, which every processor has, into differences that
 * can be seen; without it logits are the same everywhere, but for about 1e-5.
 *
 * Each product `MatMulInteger(DynamicQuantizeLinear(x), w) · scales` becomes `MatMul(x, DequantizeLinear(w))`.
 *
 * @returns undefined for a network that was quantized in another way.
 */
export function floatNetwork(model: Uint8Array): Uint8Array | undefined {
  try {
    const fields = fieldsOf(model);
    const graph = fields.find(({ number }) => number === MODEL.graph);
    if (graph === undefined) return undefined;
    const converted = floatGraph(graph.content);
    if (converted === undefined) return undefined;
    return concatenate(fields.map((part) => (part === graph ? field(MODEL.graph, converted) : part.bytes)));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function floatGraph(graph: Uint8Array): Uint8Array | undefined {
  const parts = fieldsOf(graph);
  const nodes = parts.filter(({ number }) => number === GRAPH.node).map(readNode);
  const maker = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const users = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const input of node.inputs) users.set(input, [...(users.get(input) ?? []), node]);
  }
  const products = nodes.filter(({ operator }) => operator === 'MatMulInteger');
  const replaced = new Map<Field, readonly Uint8Array[]>();
  for (const product of products) {
    const found = dynamicProduct(product, maker, users);
    if (found === undefined) return undefined;
    for (const node of found.dropped) replaced.set(node.field, []);
    replaced.set(
      found.result.field,
      found.replacement.map((node) => field(GRAPH.node, node)),
    );
  }
  if (products.length === 0) return undefined;
  return concatenate(parts.flatMap((part) => replaced.get(part) ?? [part.bytes]));
}

interface DynamicProduct {
  readonly dropped: readonly Node[];
  /** The node that gives the product in floating point. */
  readonly result: Node;
  readonly replacement: readonly Uint8Array[];
}

/** MatMulInteger with what stands around it: the quantization of its input before, the cast and the scales behind. */
function dynamicProduct(
  product: Node,
  maker: ReadonlyMap<string, Node>,
  users: ReadonlyMap<string, readonly Node[]>,
): DynamicProduct | undefined {
  const [quantized = '', weight = '', , zeroPoint] = product.inputs;
  const quantize = maker.get(quantized);
  const cast = onlyUser(product, users);
  const result = cast && onlyUser(cast, users);
  const scales = maker.get(result?.inputs.find((input) => input !== cast?.outputs[0]) ?? '');
  const weightScale = scales?.inputs.find((input) => input !== quantize?.outputs[1]);
  const [input] = quantize?.inputs ?? [];
  const [output] = result?.outputs ?? [];
  if (
    quantize?.operator !== 'DynamicQuantizeLinear' ||
    cast?.operator !== 'Cast' ||
    result?.operator !== 'Mul' ||
    scales?.operator !== 'Mul' ||
    input === undefined ||
    weightScale === undefined ||
    output === undefined
  ) {
    return undefined;
  }
  const floatWeight = `${output}:weight`;
  // Scales are one a column, or one for all; then the axis counts for nothing.
  const lastAxis = field(
    NODE.attribute,
    concatenate([
      field(ATTRIBUTE.name, 'axis'),
      numberField(ATTRIBUTE.integer, 1),
      numberField(ATTRIBUTE.type, INTEGER_TYPE),
    ]),
  );
  const weightInputs = [weight, weightScale, ...(zeroPoint === undefined ? [] : [zeroPoint])];
  return {
    dropped: [product, quantize, cast, scales],
    result,
    replacement: [
      writeNode('DequantizeLinear', weightInputs, floatWeight, lastAxis),
      writeNode('MatMul', [input, floatWeight], output),
    ],
  };
}

function onlyUser(node: Node, users: ReadonlyMap<string, readonly Node[]>): Node | undefined {
  const found = users.get(node.outputs[0] ?? '') ?? [];
  return found.length === 1 ? found[0] : undefined;
}

function readNode(part: Field): Node {
  const fields = fieldsOf(part.content);
  const texts = (number: number): string[] =>
    fields.filter((candidate) => candidate.number === number).map(textOf);
  return {
    field: part,
    operator: texts(NODE.operator)[0] ?? '',
    inputs: texts(NODE.input),
    outputs: texts(NODE.output),
  };
}

function writeNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly Uint8Array[]
): Uint8Array {
  return concatenate([
    ...inputs.map((input) => field(NODE.input, input)),
    field(NODE.output, output),
    field(NODE.name, `${output}:${operator}`),
    field(NODE.operator, operator),
    ...attributes,
  ]);
}
