import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_PILLS, countPills } from './count-pills.ts';

const services = (...names: readonly string[]) =>
  names.map((service) => ({ service, spanCount: 3, errorCount: 0 }));

/** Each character is 10 px wide: a pill of four letters and one digit is 82 px, "+1" is 36 px with its gap. */
const room = (widthPx: number, isCompact = false) => ({
  widthPx,
  isCompact,
  textPx: (text: string) => 10 * text.length,
});

test('all services have a pill where there is room for all', () => {
  expect(countPills(services('cart', 'user'), room(168))).toBe(2);
  expect(countPills([], room(168))).toBe(0);
});

test('where one does not fit, the last pill that would leave no room for the number of the others goes, too', () => {
  expect(countPills(services('cart', 'user', 'shop'), room(253))).toBe(2);
  expect(countPills(services('cart', 'user', 'shop'), room(254))).toBe(3);
  expect(countPills(services('cart', 'user', 'shop'), room(203))).toBe(1);
});

test('failures take room, and so does less of a pill on a narrow page', () => {
  const failed = services('cart', 'user').map((each) => ({ ...each, errorCount: 1 }));
  expect(countPills(failed, room(168))).toBe(1);
  expect(countPills(services('cart', 'user'), room(112, true))).toBe(2);
});

test('there is always one, never more than a screen has, and more room never means fewer', () => {
  const names = fc.array(fc.string({ minLength: 1, maxLength: 30 }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(names, fc.nat(3000), fc.nat(500), (some, widthPx, morePx) => {
      const count = countPills(services(...some), room(widthPx));
      expect(count).toBeGreaterThanOrEqual(1);
      expect(count).toBeLessThanOrEqual(Math.min(some.length, MAX_PILLS));
      expect(countPills(services(...some), room(widthPx + morePx))).toBeGreaterThanOrEqual(count);
    }),
  );
});
