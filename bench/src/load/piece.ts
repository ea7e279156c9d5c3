/**
 * Bytes in pieces that remember where they may be changed. A message is put together from the inside out, as
 * its length stands before it; only at the end are the pieces laid out in one run of bytes, and their marks with them.
 */

/** What stands at a mark, and so what is stamped there. In each format it has a fixed width. */
export type MarkKind =
  | 'traceId'
  | 'spanId'
  | 'parentSpanId'
  | 'start'
  | 'end'
  | 'duration'
  | 'eventTime'
  /** 8 hexadecimal digits: of the trace, with `cardinality` different values, or of the span where that is 2^32. */
  | 'hexDigits'
  /** A whole number of 16,384 to 2,097,151. */
  | 'int'
  /** A number of 0 to 1,000. */
  | 'double';

/** Where and how a run of bytes may be changed; `at` counts from its beginning. */
export interface Mark {
  readonly kind: MarkKind;
  readonly at: number;
  readonly cardinality: number;
  readonly salt: number;
}

/** Bytes, or pieces one after the other. */
export interface Piece {
  readonly length: number;
  readonly content: Uint8Array | readonly Piece[];
  readonly mark?: Omit<Mark, 'at'>;
}

export function bytes(content: Uint8Array): Piece {
  return { length: content.length, content };
}

export function text(value: string): Piece {
  return bytes(Buffer.from(value));
}

/** `width` bytes to be stamped, zero until then. */
export function marked(
  kind: MarkKind,
  width: number,
  { cardinality = 0, salt = 0 }: { readonly cardinality?: number; readonly salt?: number } = {},
): Piece {
  return { length: width, content: new Uint8Array(width), mark: { kind, cardinality, salt } };
}

export function concat(pieces: readonly Piece[]): Piece {
  return { length: pieces.reduce((sum, { length }) => sum + length, 0), content: pieces };
}

/** A field of wire type 2: a string, bytes or a message. */
export function lengthDelimited(field: number, content: Piece): Piece {
  const head = [...varint((field << 3) | 2), ...varint(content.length)];
  return concat([bytes(Buffer.from(head)), content]);
}

export function string(field: number, value: string): Piece {
  return lengthDelimited(field, text(value));
}

/** A field of wire type 0; negative values are not needed here. */
export function integer(field: number, value: number): Piece {
  return bytes(Buffer.from([...varint(field << 3), ...varint(value)]));
}

/** A field of wire type 0 whose value is stamped. */
export function markedInteger(field: number, salt: number): Piece {
  return concat([bytes(Buffer.from(varint(field << 3))), marked('int', 3, { salt })]);
}

/** A field of wire type 1 or 5, by the width of its content. */
export function fixed(field: number, content: Piece): Piece {
  const wireType = content.length === 8 ? 1 : 5;
  return concat([bytes(Buffer.from(varint((field << 3) | wireType))), content]);
}

/** Lays the pieces out; the marks come in the order of the bytes. */
export function layOut(piece: Piece): { readonly bytes: Uint8Array; readonly marks: Mark[] } {
  const target = new Uint8Array(piece.length);
  const marks: Mark[] = [];
  let at = 0;
  const place = ({ content, mark, length }: Piece): void => {
    if (!(content instanceof Uint8Array)) {
      content.forEach(place);
      return;
    }
    if (mark !== undefined) marks.push({ ...mark, at });
    target.set(content, at);
    at += length;
  };
  place(piece);
  return { bytes: target, marks };
}

function varint(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    digits.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  digits.push(rest);
  return digits;
}
