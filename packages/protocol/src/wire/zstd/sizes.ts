/** No block gives more (RFC 8878, 3.1.1.2.4). */
export const MAX_BLOCK_BYTES: number = 128 * 1024;
