/** The part of the web's `ReadableStream` that is used. */
export interface ByteStream {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(): Promise<void>;
  };
}

/** Bytes in the pieces they come in. Whoever stops asking ends the stream; the stream's own errors are passed on. */
export async function* readStream(stream: ByteStream): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    // A stream that failed says so once more here.
    await reader.cancel().catch(() => undefined);
  }
}
