/**
 * The bucket of a duration (`latencyBucket` of the model) in SQL: exponent and first binary digits of the duration as a `double`,
 * which is exact below 2^53; of longer ones the last digits are dropped, because they could round it up into the next bucket.
 */
export const LATENCY_BUCKET_SQL: string = `
  toUInt16(if(duration_nano < 16, duration_nano, bitShiftRight(reinterpretAsUInt64(toFloat64(
    if(duration_nano < 9007199254740992, duration_nano, bitAnd(duration_nano, 18446744073709549568))
  )), 48) - 16416))`;
