import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Float32Column, Uint32Column } from './number-columns.ts';
import { Uint64Column } from './uint64-column.ts';

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe('Uint32Column', () => {
  test('holds what was pushed, however it grew', () => {
    fc.assert(
      fc.property(fc.array(uint32, { maxLength: 100 }), (values) => {
        const column = new Uint32Column();
        for (const value of values) column.push(value);
        expect([...column.values]).toEqual(values);
        expect(values.map((_, i) => column.at(i))).toEqual(values);
      }),
    );
  });

  test('takes the bits of a signed number', () => {
    const column = new Uint32Column();
    column.push(-1);
    expect(column.at(0)).toBe(2 ** 32 - 1);
  });

  test('forgets what is truncated', () => {
    const column = new Uint32Column();
    for (const value of [1, 2, 3]) column.push(value);
    column.truncate(1);
    column.push(9);
    expect([...column.values]).toEqual([1, 9]);
  });
});

describe('Float32Column', () => {
  test('holds what was pushed, however it grew', () => {
    const column = new Float32Column();
    const values = Array.from({ length: 100 }, (_, i) => i / 2);
    for (const value of values) column.push(value);
    expect([...column.values]).toEqual(values);
    expect(column.at(99)).toBe(49.5);
    column.truncate(1);
    expect([...column.values]).toEqual([0]);
  });
});

describe('Uint64Column', () => {
  test('holds what was pushed, whole or in halves, however it grew', () => {
    fc.assert(
      fc.property(fc.array(uint64, { maxLength: 100 }), (values) => {
        const whole = new Uint64Column();
        const halves = new Uint64Column();
        for (const value of values) {
          whole.pushBigint(value);
          halves.push(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
        }
        expect(values.map((_, i) => whole.at(i))).toEqual(values);
        expect(values.map((_, i) => halves.at(i))).toEqual(values);
        expect(whole.bytes).toEqual(halves.bytes);
      }),
    );
  });

  test('keeps the bits of a negative number', () => {
    const column = new Uint64Column();
    column.pushBigint(-2n);
    expect(BigInt.asIntN(64, column.at(0))).toBe(-2n);
  });

  test('shows little-endian bytes and halves', () => {
    const column = new Uint64Column();
    column.pushBigint(0x0102030405060708n);
    expect([...column.bytes]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect([...column.halves]).toEqual([0x05060708, 0x01020304]);
  });

  test('forgets what is truncated', () => {
    const column = new Uint64Column();
    for (const value of [1n, 2n, 3n]) column.pushBigint(value);
    column.truncate(2);
    column.pushBigint(9n);
    expect([0, 1, 2].map((i) => column.at(i))).toEqual([1n, 2n, 9n]);
    expect(column.length).toBe(3);
  });
});
