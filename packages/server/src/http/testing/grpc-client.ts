/** gRPC as another implementation speaks it: @grpc/grpc-js, with messages that protobufjs reads and writes. */
import { Client, credentials } from '@grpc/grpc-js';
import type protobuf from 'protobufjs';

/** As plain data, in the form of ProtoJSON. */
export type Message = Record<string, unknown>;

/** A method, by the types of its messages. */
export interface ForeignMethod {
  /** Such as `/package.Service/Method`. */
  readonly path: string;
  readonly request: protobuf.Type;
  readonly answer: protobuf.Type;
}

export class ForeignGrpcClient {
  readonly #client: Client;

  constructor(port: number) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  close(): void {
    this.#client.close();
  }

  /** All messages of an answer: of a call that is answered once, the one. Rejects with a `ServiceError`. */
  async ask(method: ForeignMethod, request: Message): Promise<readonly Message[]> {
    const messages = await this.askBytes(method, request);
    return messages.map((bytes) => readStrictly(method.answer, bytes));
  }

  /** The same, of which the messages are left as bytes. */
  async askBytes(
    { path, request: type }: Omit<ForeignMethod, 'answer'>,
    request: Message,
  ): Promise<readonly Buffer[]> {
    const stream = this.#client.makeServerStreamRequest(
      path,
      (value: Message) => Buffer.from(type.encode(type.fromObject(value)).finish()),
      (bytes: Buffer) => bytes,
      request,
    );
    const messages: Buffer[] = [];
    for await (const message of stream) messages.push(message as Buffer);
    return messages;
  }
}

/** A message as plain data. Throws for one with a field that its type does not have. */
export function readStrictly(type: protobuf.Type, bytes: Uint8Array): Message {
  const message = type.decode(bytes);
  // Fields that the type does not have are missing in what it writes.
  if (type.encode(message).finish().length !== bytes.length)
    throw new Error(`a ${type.name} has more than its fields`);
  return type.toObject(message, { longs: String, enums: String, bytes: String });
}
