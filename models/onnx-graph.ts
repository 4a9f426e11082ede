import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const { DataType } = onnx.TensorProto;
const { AttributeType } = onnx.AttributeProto;

/** Any opset from 13 on has the operators used here in this form; 17 is old enough for every runtime in use. */
const OPSET = 17;
const IR_VERSION = 8;

export interface TensorShape {
  readonly name: string;
  readonly type: 'float' | 'uint8';
  readonly dims: readonly number[];
}

/** A computation graph under construction. Each operator's result is named by its first output. */
export interface Graph {
  /** A tensor of 32-bit floats that the model carries. */
  constant(name: string, dims: readonly number[], values: Float32Array): string;
  /** Whole numbers, for operators that take shapes and axes as inputs. */
  integers(name: string, values: readonly number[]): string;
  node(type: string, inputs: readonly string[], output: string, attributes?: Attributes): string;
  /** The finished model as ONNX bytes: the same graph always gives the same bytes. */
  encode(name: string, inputs: readonly TensorShape[], outputs: readonly TensorShape[], metadata: Metadata): Uint8Array;
}

type Attributes = Readonly<Record<string, number | readonly number[]>>;
type Metadata = Readonly<Record<string, string>>;

export function graph(): Graph {
  const nodes: object[] = [];
  const initializers: object[] = [];
  return {
    constant(name, dims, values) {
      const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      initializers.push({ name, dims: [...dims], dataType: DataType.FLOAT, rawData });
      return name;
    },
    integers(name, values) {
      const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
      initializers.push({ name, dims: [values.length], dataType: DataType.INT64, rawData });
      return name;
    },
    node(type, inputs, output, attributes = {}) {
      const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
      nodes.push({ opType: type, name: output, input: [...inputs], output: [output], attribute });
      return output;
    },
    encode(name, inputs, outputs, metadata) {
      const model = onnx.ModelProto.create({
        irVersion: IR_VERSION,
        opsetImport: [{ domain: '', version: OPSET }],
        producerName: 'palmledger',
        metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
        graph: {
          name,
          node: nodes,
          initializer: initializers,
          input: inputs.map(valueInfo),
          output: outputs.map(valueInfo),
        },
      });
      return onnx.ModelProto.encode(model).finish();
    },
  };
}

function attributeOf(name: string, value: number | readonly number[]): object {
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  return { name, type: AttributeType.INTS, ints: [...value] };
}

function valueInfo({ name, type, dims }: TensorShape): object {
  const elemType = type === 'float' ? DataType.FLOAT : DataType.UINT8;
  return { name, type: { tensorType: { elemType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } };
}
