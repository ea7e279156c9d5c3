/** Pieces below it are copied together, because an object for each would outweigh them. */
const SMALL_PIECE_BYTES = 1024;

const TAIL_BYTES = 16 * 1024;

/**
 * Bytes that arrive in pieces and are wanted in one. Large pieces are kept and copied once, at the end; a sender that
 * dribbles single bytes costs no more memory than its bytes do.
 */
export class PieceBuffer {
  readonly #pieces: Buffer[] = [];
  /** The last piece while it is being filled with small ones. */
  #tail: Buffer | undefined;
  #tailBytes = 0;
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  add(piece: Buffer): void {
    this.#sizeBytes += piece.length;
    if (this.#pieces.length > 0 && piece.length < SMALL_PIECE_BYTES) return this.#addToTail(piece);
    this.#endTail();
    this.#pieces.push(piece);
  }

  /** Everything that was added. A single piece is given back as it came, and shares its memory. */
  join(): Buffer {
    this.#endTail();
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    return Buffer.concat(this.#pieces, this.#sizeBytes);
  }

  #addToTail(piece: Buffer): void {
    if (this.#tail === undefined || this.#tailBytes + piece.length > TAIL_BYTES) {
      this.#endTail();
      this.#tail = Buffer.allocUnsafeSlow(TAIL_BYTES);
    }
    this.#tailBytes += piece.copy(this.#tail, this.#tailBytes);
  }

  #endTail(): void {
    if (this.#tail === undefined) return;
    this.#pieces.push(this.#tail.subarray(0, this.#tailBytes));
    this.#tail = undefined;
    this.#tailBytes = 0;
  }
}
