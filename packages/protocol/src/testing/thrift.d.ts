/** The part of Apache's `thrift` package that the tests use; it has no types of its own. */
declare module 'thrift' {
  export interface Transport {
    flush(): void;
  }

  /** A number of 64 bits. */
  export class Int64 {
    constructor(octets: Uint8Array);
    toOctetString(): string;
  }

  export interface Protocol {
    writeMessageBegin(name: string, type: number, sequenceId: number): void;
    writeStructBegin(name: string): void;
    writeStructEnd(): void;
    writeFieldBegin(name: string, type: number, id: number): void;
    writeFieldEnd(): void;
    writeFieldStop(): void;
    writeListBegin(type: number, size: number): void;
    writeListEnd(): void;
    writeMapBegin(keyType: number, valueType: number, size: number): void;
    writeMapEnd(): void;
    writeBool(value: boolean): void;
    writeByte(value: number): void;
    writeI16(value: number): void;
    writeI32(value: number): void;
    writeI64(value: Int64): void;
    writeDouble(value: number): void;
    writeBinary(value: Uint8Array): void;
    flush(): void;
    readMessageBegin(): { readonly fname: string; readonly mtype: number; readonly rseqid: number };
    readStructBegin(): void;
    readStructEnd(): void;
    readFieldBegin(): { readonly ftype: number; readonly fid: number };
    readFieldEnd(): void;
    readListBegin(): { readonly etype: number; readonly size: number };
    readListEnd(): void;
    readMapBegin(): { readonly ktype: number; readonly vtype: number; readonly size: number };
    readMapEnd(): void;
    readBool(): boolean;
    readByte(): number;
    readI16(): number;
    readI32(): number;
    readI64(): Int64;
    readDouble(): number;
    readBinary(): Uint8Array;
  }

  export class TBufferedTransport implements Transport {
    constructor(input: undefined, onFlush: (bytes: Uint8Array) => void);
    flush(): void;
  }

  export class TFramedTransport implements Transport {
    constructor(input: Buffer);
    flush(): void;
  }

  export const TBinaryProtocol: new (
    transport: Transport,
    strictRead?: boolean,
    strictWrite?: boolean,
  ) => Protocol;
  export const TCompactProtocol: new (transport: Transport) => Protocol;
}
