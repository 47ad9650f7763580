/** One field of a protobuf message. */
export interface Field {
  readonly number: number;
  /** Value of a varint; 0 for other types. */
  readonly value: number;
  /** Content of a length-delimited field; empty for other types. */
  readonly content: Uint8Array;
  /** The whole field, tag included. */
  readonly bytes: Uint8Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * The fields of a message, in order. Nothing is copied.
 *
 * @throws RangeError if the bytes are no message.
 */
export function fieldsOf(message: Uint8Array): Field[] {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const fields: Field[] = [];
  let position = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = view.getUint8(position++);
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (position < message.length) {
    const start = position;
    const tag = varint();
    const type = tag % 8;
    let value = 0;
    let content = message.subarray(0, 0);
    if (type === 0) value = varint();
    else if (type === 1) position += 8;
    else if (type === 5) position += 4;
    else if (type === 2) {
      const length = varint();
      content = message.subarray(position, position + length);
      position += length;
    } else throw new RangeError(`field of the wire type ${type}`);
    if (position > message.length) throw new RangeError('field beyond the end');
    fields.push({ number: Math.floor(tag / 8), value, content, bytes: message.subarray(start, position) });
  }
  return fields;
}

/** The content of a field of text. */
export function textOf({ content }: Field): string {
  return decoder.decode(content);
}

/** A length-delimited field: text, bytes or a message. */
export function field(number: number, content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  return concatenate([varintBytes(number * 8 + 2), varintBytes(bytes.length), bytes]);
}

/** A field that is a whole number of at least 0. */
export function numberField(number: number, value: number): Uint8Array {
  return concatenate([varintBytes(number * 8), varintBytes(value)]);
}

export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function varintBytes(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
